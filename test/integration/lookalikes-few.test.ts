import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLookalikes } from '../../activities/lookalikes/find-lookalikes.js';
import { openLookalikes } from '../../activities/lookalikes/open-lookalikes.js';
import { openStore } from '../../lake/open-store.js';
import { lookalikesDag } from '../../workflows/lookalikes-dag.js';
import { expectSuccess, failureOf, query, runLocally, statesOf, workspace } from '../support/run-segmentation.js';
import type { SegmentationRun, Workspace } from '../support/run-segmentation.js';

const FECHA = '2026-11-16';
const HEADER = 'id,gasto,zona,vip';

let space: Workspace;
beforeAll(async () => {
  space = await workspace();
});
afterAll(() => space.remove());

/** A run over these customers, on the same date and lake as the others. */
async function run(lines: readonly string[], params: { readonly [name: string]: unknown } = {}) {
  const path = join(space.folder, 'crm.csv');
  await writeFile(path, [HEADER, ...lines, ''].join('\n'));
  const columns = {
    customer_id: { kind: 'id', from: 'id' },
    total_spent: { kind: 'money', from: 'gasto' },
    region_clean: { kind: 'category', from: 'zona' },
    vip_flag: { kind: 'flag', from: 'vip' },
  };
  return runLocally(lookalikesDag, { workspace: space, fecha: FECHA, config: { crm: { path, columns } }, params });
}

const partition = (table: string): string => `read_parquet('${space.lake}/${table}/fecha_modelo=${FECHA}/*.parquet')`;
const plots = async (): Promise<readonly string[]> =>
  (await readdir(join(space.lake, 'exports/lookalikes', `fecha_modelo=${FECHA}`))).filter((name) =>
    name.endsWith('.svg'),
  );
const plot = async (name: string): Promise<string> =>
  readFile(join(space.lake, 'exports/lookalikes', `fecha_modelo=${FECHA}`, name), 'utf8');
const notesOf = ({ state }: SegmentationRun) =>
  Object.fromEntries(Object.entries(state.tasks).map(([task, { note }]) => [task, note]));
const lookalikesOf = async (customer: string) => {
  const lookalikes = await openLookalikes(openStore(space.lake), { cacheFolder: join(space.folder, 'cache') });
  return findLookalikes(lookalikes, customer, { k: 5 });
};

describe.each([
  { of: 'one customer', lines: ['A1,120.50,norte,true'], why: 'there is one customer alone, and nobody to be like' },
  {
    of: 'customers who are all the same',
    lines: ['A1,120.50,norte,true', 'A2,120.50,norte,false', 'A3,120.50,norte,false'],
    why: 'nothing tells the customers apart: every feature has one value throughout',
  },
])('a table of $of', ({ lines, why }) => {
  it('is published clean, without components, and every task says why', async () => {
    const done = expectSuccess(await run(lines));
    expect(await query(`SELECT customer_id, total_spent FROM ${partition('clientes_limpios')} ORDER BY 1`)).toEqual(
      lines.map((line) => ({ customer_id: line.slice(0, 2), total_spent: 120.5 })),
    );
    const nowhere = { pc1: null, pc2: null, pc3: null, componentes: null };
    const coordinates = await query(
      `SELECT pc1, pc2, pc3, componentes FROM ${partition('clientes_pca')} ORDER BY customer_id`,
    );
    expect(coordinates).toEqual(lines.map(() => nowhere));
    const { encodeCustomers, buildLookalikeIndex, projectCustomers } = notesOf(done);
    expect(encodeCustomers).toBe(`${lines.length} x 0, of 0 columns: ${why}`);
    expect(buildLookalikeIndex).toBe(`${lines.length} points: ${why}`);
    expect(projectCustomers).toBe(`no components: ${why}`);
    expect(await plots()).toEqual(['total_spent.svg']);
  });

  it('is refused by whoever asks for lookalikes, with the reason', async () => {
    await expect(lookalikesOf('A1')).rejects.toThrow(`Expected customers of ${FECHA} that differ, but ${why}`);
    await expect(lookalikesOf('B9')).rejects.toThrow("got 'B9'");
  });

  it('has no audience: that one fails and says why, the customers stay published', async () => {
    const audiences = [{ name: 'mejores', seeds: { where: 'vip_flag=true' }, size: 1, minSeeds: 1 }];
    const failed = await run(lines, { audiences });
    expect(failureOf(failed).message).toContain(
      `BadAudience: Expected customers that differ for the audience mejores, but ${why}`,
    );
    expect(statesOf(failed)).toMatchObject({ publishCustomers: 'cached', checkAudiences: 'upstream_failed' });
  });
});

describe('a table of two customers', () => {
  const lines = ['A1,120.50,norte,true', 'A2,80,sur,false'];

  it('has neighbours, an audience and plots', async () => {
    const audiences = [{ name: 'mejores', seeds: { where: 'vip_flag=true' }, size: 1, minSeeds: 1 }];
    expectSuccess(await run(lines, { audiences }));
    expect((await lookalikesOf('A1')).neighbours.map(({ customer_id }) => customer_id)).toEqual(['A2']);
    expect(await query(`SELECT customer_id, posicion FROM ${partition('audiencias')}`)).toEqual([
      { customer_id: 'A2', posicion: 1 },
    ]);
    expect(await plots()).toEqual(['pca-mejores.svg', 'pca.svg', 'total_spent.svg']);
    for (const name of await plots()) expect(await plot(name)).not.toMatch(/NaN|Infinity|undefined/);
  });
});
