import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readTable } from '../../lake/delta-log.js';
import { CLIENTES_LIMPIOS } from '../../lake/lookalike-tables.js';
import { openStore } from '../../lake/open-store.js';
import { lookalikesDag } from '../../workflows/lookalikes-dag.js';
import { demoSource, FRECUENTES, PARECIDOS, writeSmallTable } from '../support/lookalikes-ground.js';
import {
  expectSuccess,
  failureOf,
  publishedFiles,
  query,
  runLocally,
  statesOf,
  workspace,
} from '../support/run-segmentation.js';
import type { SegmentationRun, Workspace } from '../support/run-segmentation.js';

const FECHA = '2026-11-16';
const CUSTOMERS = 400;
const AUDIENCES = [PARECIDOS, FRECUENTES];
const TABLES = ['clientes_limpios', 'clientes_atributos', 'clientes_pca', 'audiencias', 'audiencias_resumen'];

let space: Workspace;
let files: Awaited<ReturnType<typeof writeSmallTable>>;
let first: SegmentationRun;

const run = async (file: string, params: { readonly [name: string]: unknown } = {}): Promise<SegmentationRun> =>
  runLocally(lookalikesDag, {
    workspace: space,
    fecha: FECHA,
    config: { clientes: await demoSource(file) },
    params: { audiences: AUDIENCES, ...params },
  });

beforeAll(async () => {
  space = await workspace();
  files = await writeSmallTable(space.folder, CUSTOMERS);
  first = expectSuccess(await run(files.xlsxFile));
});
afterAll(() => space.remove());

const versions = async (): Promise<{ readonly [table: string]: number }> => {
  const store = openStore(space.lake);
  const all = await Promise.all(TABLES.map(async (table) => [table, (await readTable(store, table)).version] as const));
  return Object.fromEntries(all);
};

const partition = (table: string): string =>
  `read_parquet('${space.lake}/${table}/fecha_modelo=${FECHA}/*.parquet', hive_partitioning = true)`;
const exported = (...path: string[]): string =>
  join(space.lake, 'exports', path[0] ?? '', `fecha_modelo=${FECHA}`, ...path.slice(1));

describe('a run of lookalikes', () => {
  it('publishes every table of the date once, one row a customer', async () => {
    expect(await versions()).toEqual(Object.fromEntries(TABLES.map((table) => [table, 0])));
    const [counts] = await query(`SELECT count(*)::INT AS rows, count(DISTINCT customer_id)::INT AS ids,
        count(*) FILTER (vip_flag)::INT AS vips, count(*) FILTER (days_since_last_purchase_never)::INT AS nevers,
        min(customer_id) AS first FROM ${partition('clientes_limpios')}`);
    expect(counts).toMatchObject({ rows: CUSTOMERS, ids: CUSTOMERS });
    expect(counts?.vips).toBeGreaterThan(0);
    const types = await query(
      `SELECT column_name AS name, column_type AS type FROM (DESCRIBE SELECT * FROM ${partition('clientes_limpios')})`,
    );
    expect(types.map(({ name }) => name)).toEqual([
      ...CLIENTES_LIMPIOS.columns.map(({ name }) => name).filter((name) => name !== 'fecha_modelo'),
      'fecha_modelo',
    ]);
    expect(types.find(({ name }) => name === 'vip_flag')?.type).toBe('BOOLEAN');
    const [others] = await query(`SELECT (SELECT count(*)::INT FROM ${partition('clientes_pca')}) AS placed,
      (SELECT count(DISTINCT atributo)::INT FROM ${partition('clientes_atributos')}) AS attributes,
      (SELECT count(*)::INT FROM ${partition('clientes_atributos')} WHERE (valor IS NULL) = (texto IS NULL)) AS unclear`);
    expect(others).toMatchObject({ placed: CUSTOMERS, unclear: 0 });
    expect(others?.attributes).toBeGreaterThan(3);
  });

  it('publishes the configured audiences, their seeds left out', async () => {
    const rows = await query(`SELECT audiencia, count(*)::INT AS members, count(DISTINCT a.customer_id)::INT AS ids,
        count(*) FILTER (c.vip_flag)::INT AS vips
      FROM ${partition('audiencias')} a JOIN ${partition('clientes_limpios')} c USING (customer_id) GROUP BY 1 ORDER BY 1`);
    expect(rows.map(({ audiencia }) => audiencia)).toEqual(['frecuentes', 'parecidos']);
    expect(rows[1]).toMatchObject({ members: 20, ids: 20, vips: 0 });
    const summary = await query(`SELECT audiencia, estado FROM ${partition('audiencias_resumen')} ORDER BY 1`);
    expect(summary.map(({ estado }) => estado)).toEqual(['publicada', 'publicada']);
  });

  it('leaves copies, the report of the cleaning and the plots for people', async () => {
    const csv = await readFile(exported('clientes_limpios', 'clientes_limpios.csv'), 'utf8');
    expect(csv.split('\n')[0]).toBe(CLIENTES_LIMPIOS.columns.map(({ name }) => name).join(','));
    const lines = (await readFile(exported('clientes_limpios', 'clientes_limpios.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(CUSTOMERS);
    expect((await readdir(exported('lookalikes'))).toSorted()).toEqual([
      'cleaning_report.json',
      'days_since_last_purchase.svg',
      'frequency.svg',
      'income.svg',
      'lift-frecuentes.svg',
      'lift-parecidos.svg',
      'pca-frecuentes.svg',
      'pca-parecidos.svg',
      'pca.svg',
      'total_spent.svg',
    ]);
    const report = z
      .looseObject({})
      .parse(JSON.parse(await readFile(exported('lookalikes', 'cleaning_report.json'), 'utf8')));
    expect(Object.keys(report).length).toBeGreaterThan(0);
  });

  it('draws histograms whose bars sum to the customers, and a scatter of them all', async () => {
    const income = await readFile(exported('lookalikes', 'income.svg'), 'utf8');
    const said = /<desc>([^<]*)<\/desc>/.exec(income)?.[1] ?? '';
    const counts = [...said.matchAll(/: (\d+)(?=;|\.)/g)].map(([, count]) => Number(count));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(CUSTOMERS);
    const pca = await readFile(exported('lookalikes', 'pca.svg'), 'utf8');
    expect(pca).toContain(`${CUSTOMERS} customers.`);
    expect(pca).toContain('>VIP<');
  });

  it('computes nothing and changes nothing the second time', async () => {
    const before = await publishedFiles(space);
    const again = expectSuccess(await run(files.xlsxFile));
    expect(new Set(Object.values(statesOf(again)))).toEqual(new Set(['cached']));
    expect(await publishedFiles(space)).toEqual(before);
  });

  it('publishes the same from the csv file: which file the rows came in is no part of them', async () => {
    const fromCsv = expectSuccess(await run(files.csvFile));
    for (const kind of ['clientes_limpios', 'clientes_atributos', 'clientes_pca']) {
      expect(fromCsv.artifacts[kind]?.sha256).toBe(first.artifacts[kind]?.sha256);
    }
    expect(await versions()).toMatchObject({ clientes_atributos: 0, clientes_pca: 0 });
  });

  it('computes what an audience needs when an audience changes, and nothing else', async () => {
    const before = await versions();
    const audiences = [{ ...PARECIDOS, size: 25 }, FRECUENTES];
    const changed = expectSuccess(await run(files.xlsxFile, { audiences }));
    const computed = Object.entries(statesOf(changed)).flatMap(([task, state]) => (state === 'success' ? [task] : []));
    expect(computed.toSorted()).toEqual([
      'buildAudience',
      'checkAudiences',
      'collectAudiences',
      'plotAudiences',
      'publishAudiences',
    ]);
    const { audiencias = 0, audiencias_resumen: resumen = 0 } = before;
    expect(await versions()).toEqual({ ...before, audiencias: audiencias + 1, audiencias_resumen: resumen + 1 });
  });

  it('takes an audience out again, with its plots, and does without any', async () => {
    const one = expectSuccess(await run(files.xlsxFile, { audiences: [FRECUENTES] }));
    expect(statesOf(one)).toMatchObject({ buildAudience: 'cached' });
    expect((await readdir(exported('lookalikes'))).filter((name) => name.includes('parecidos'))).toEqual([]);
    const none = expectSuccess(await run(files.xlsxFile, { audiences: [] }));
    expect(none.outputs['audiences']).toMatchObject({ held: [] });
    const [left] = await query(`SELECT count(*)::INT AS rows FROM ${partition('audiencias_resumen')}`);
    expect(left).toEqual({ rows: 0 });
    expect((await readdir(exported('lookalikes'))).filter((name) => /^(lift|pca-)/.test(name))).toEqual([]);
  });
});

describe('a run of lookalikes on a file that does not fit', () => {
  it('fails with the column that is missing, publishes nothing and leaves the previous partition as it was', async () => {
    const before = await publishedFiles(space);
    const [header = '', ...rows] = (await readFile(files.csvFile, 'utf8')).split('\n');
    const broken = join(space.folder, 'sin-id.csv');
    await writeFile(broken, [header.replace('customer_id', 'id_cliente'), ...rows].join('\n'));
    const failed = await run(broken);
    const { task, type, message } = failureOf(failed);
    expect([task, type]).toEqual(['ingestCustomers', 'BadInput']);
    expect(message).toContain('customer_id');
    expect(message).toContain('sin-id.csv');
    expect(await publishedFiles(space)).toEqual(before);
  });
});

describe('a run of lookalikes with an audience that cannot be made', () => {
  const audiences = [FRECUENTES, { ...PARECIDOS, minSeeds: 399 }, { ...PARECIDOS, name: 'nueva', size: 7 }];
  const sizes = async () =>
    query(`SELECT audiencia, count(*)::INT AS n FROM ${partition('audiencias')} GROUP BY 1 ORDER BY 1`);

  it('publishes the rest, keeps what the date had of it, and fails with its name', async () => {
    expectSuccess(await run(files.xlsxFile));
    const [had] = await query(`SELECT * FROM ${partition('audiencias_resumen')} WHERE audiencia = 'parecidos'`);
    const failed = await run(files.xlsxFile, { audiences });
    const { task, message } = failureOf(failed);
    expect(task).toBe('buildAudience');
    expect(message).toContain('Expected at least 399 seeds for the audience parecidos, got');
    expect(failed.state.tasks['buildAudience']?.items?.map(({ state }) => state)).toEqual([
      'success',
      'failed',
      'success',
    ]);
    expect(statesOf(failed)).toMatchObject({
      publishCustomers: 'cached',
      publishAudiences: 'success',
      checkAudiences: 'upstream_failed',
    });
    expect(failed.state.tasks['publishAudiences']?.note).toBe('2 published; left as they were: parecidos');
    expect(await sizes()).toEqual([
      { audiencia: 'frecuentes', n: expect.any(Number) },
      { audiencia: 'nueva', n: 7 },
      { audiencia: 'parecidos', n: 20 },
    ]);
    expect(await query(`SELECT * FROM ${partition('audiencias_resumen')} WHERE audiencia = 'parecidos'`)).toEqual([
      had,
    ]);
    expect(await readdir(exported('lookalikes'))).toEqual(
      expect.arrayContaining(['pca-parecidos.svg', 'lift-parecidos.svg', 'pca-nueva.svg', 'pca.svg']),
    );
  });

  it('publishes it when it is run again after a mend, and computes no other', async () => {
    const mended = expectSuccess(
      await run(files.xlsxFile, { audiences: [FRECUENTES, { ...PARECIDOS, size: 22 }, ...audiences.slice(2)] }),
    );
    expect(mended.state.tasks['buildAudience']?.note).toBe('3 items: 1 computed, 2 cached');
    expect(await sizes()).toContainEqual({ audiencia: 'parecidos', n: 22 });
  });

  it('leaves audiences alone where the customers could not be published', async () => {
    const before = await publishedFiles(space);
    const broken = join(space.folder, 'vacio.csv');
    const [header = ''] = (await readFile(files.csvFile, 'utf8')).split('\n');
    await writeFile(broken, `${header}\n`);
    const failed = await run(broken);
    expect(statesOf(failed)).toMatchObject({ collectAudiences: 'skipped', publishAudiences: 'upstream_failed' });
    expect(await publishedFiles(space)).toEqual(before);
  });
});

describe('a text that would act in a spreadsheet', () => {
  it('is exact in the table and in JSON lines, and harmless in csv', async () => {
    const hostile = await workspace();
    try {
      const file = join(hostile.folder, 'crm.csv');
      const lines = Array.from(
        { length: 40 },
        (_, i) =>
          `${i === 7 ? `"=HYPERLINK(""http://x"",""y"")"` : `C${i}`},${i * 10},${i % 2 === 0 ? 'norte' : 'sur'}`,
      );
      await writeFile(file, `id,gasto,zona\n${lines.join('\n')}\n`);
      const columns = {
        customer_id: { kind: 'id', from: 'id' },
        total_spent: { kind: 'money', from: 'gasto' },
        region_clean: { kind: 'category', from: 'zona' },
      };
      const config = { crm: { path: file, columns } };
      expectSuccess(await runLocally(lookalikesDag, { workspace: hostile, fecha: FECHA, config }));
      const folder = join(hostile.lake, 'exports', 'clientes_limpios', `fecha_modelo=${FECHA}`);
      const csv = await readFile(join(folder, 'clientes_limpios.csv'), 'utf8');
      expect(csv).toContain(`\n"'=HYPERLINK(""http://x"",""y"")",`);
      expect(csv).not.toMatch(/(^|,)"?=/m);
      const jsonl = await readFile(join(folder, 'clientes_limpios.jsonl'), 'utf8');
      expect(jsonl).toContain(String.raw`{"customer_id":"=HYPERLINK(\"http://x\",\"y\")"`);
    } finally {
      await hostile.remove();
    }
  });
});
