import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDemoData } from '../../demo/write-demo-data.js';
import type { WrittenDemoData } from '../../demo/write-demo-data.js';
import { expectSuccess, hashesOf, query, realData, runSegmentation, workspace } from '../support/run-segmentation.js';
import type { SegmentationRun, Workspace } from '../support/run-segmentation.js';

/** A shipped configuration with its data elsewhere. */
async function configOn(space: Workspace, name: string, said: string, folder: string): Promise<string> {
  const text = await readFile(resolve('configs', name), 'utf8');
  if (!text.includes(said)) throw new Error(`Expected ${name} to read from ${said}`);
  const file = join(space.folder, name);
  await writeFile(file, text.replaceAll(said, folder));
  return file;
}

const reportOf = ({ artifacts }: SegmentationRun): unknown => artifacts['transactions']?.report;

/**
 * Adjusted Rand index of two labellings of the same things (L. Hubert, P. Arabie, "Comparing partitions", Journal of
 * Classification 2, 1985): 1 where they group alike, about 0 where they agree by chance.
 */
function adjustedRand(pairs: readonly (readonly [unknown, unknown])[]): number {
  const count = (keys: readonly string[]): number[] => {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return [...counts.values()];
  };
  const pairsIn = (sizes: readonly number[]): number => sizes.reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  const both = pairsIn(count(pairs.map((pair) => JSON.stringify(pair))));
  const a = pairsIn(count(pairs.map(([one]) => String(one))));
  const b = pairsIn(count(pairs.map(([, other]) => String(other))));
  const all = (pairs.length * (pairs.length - 1)) / 2;
  const chance = (a * b) / all;
  return (both - chance) / ((a + b) / 2 - chance);
}

it('the adjusted Rand index is 1 for renamed labels, and what Hubert and Arabie give for others', () => {
  expect(
    adjustedRand([
      [0, 'x'],
      [0, 'x'],
      [1, 'y'],
      [2, 'z'],
    ]),
  ).toBe(1);
  // scikit-learn: adjusted_rand_score([0, 0, 1, 2], [0, 0, 1, 1])
  expect(
    adjustedRand([
      [0, 0],
      [0, 0],
      [1, 1],
      [2, 1],
    ]),
  ).toBeCloseTo(4 / 7, 12);
});

describe('the demo', () => {
  let space: Workspace;
  let written: WrittenDemoData;
  let run: SegmentationRun;
  beforeAll(async () => {
    space = await workspace();
    const folder = join(space.folder, 'demo');
    written = await writeDemoData(folder);
    const config = await configOn(space, 'demo.yaml', '../.segmenta/demo', folder);
    run = expectSuccess(await runSegmentation({ workspace: space, fecha: '2026-11-30', config }));
  });
  afterAll(() => space.remove());

  it('has its planted dirt in the quality report, count by count', async () => {
    const { planted, rows } = written;
    expect(reportOf(run)).toMatchObject({
      leidas: rows,
      duplicadas: planted.repeated,
      mapeadas: rows - planted.repeated,
      fecha_ilegible: planted.unreadableDate,
      descartadas: {
        sin_dni: planted.missingDni,
        monto_ilegible: planted.unreadableAmount,
        monto_no_positivo: planted.refund + planted.zeroAmount,
        monto_excesivo: planted.absurdAmount,
      },
    });
    for (const count of Object.values(planted)) expect(count).toBeGreaterThan(0);
  });

  it('knows every planted customer, leading zeros included, and no other', async () => {
    const dnis = async (sql: string): Promise<unknown[]> => (await query(sql)).map(({ dni }) => dni);
    const published = await dnis(`SELECT dni FROM '${run.path('clientes_segmentados')}' ORDER BY dni`);
    const planted = `read_csv('${written.truthFile}', all_varchar = true)`;
    expect(published).toEqual(await dnis(`SELECT dni FROM ${planted} ORDER BY dni`));
    expect(published.filter((dni) => String(dni).startsWith('0')).length).toBe(written.customers.leadingZeros);
    // Some of the inactive, who buy seldom, happen to have bought nothing since the window began.
    const without =
      await query(`SELECT aparicion, persona, count(*)::INTEGER AS customers FROM '${run.path('clientes_segmentados')}'
      JOIN ${planted} USING (dni) WHERE motivo = 'sin_compras_en_ventana' GROUP BY ALL`);
    const old = without.find(({ aparicion }) => aparicion === 'antigua');
    expect(old?.['customers']).toBe(written.customers.byAparicion.antigua);
    expect(new Set(without.map(({ persona }) => persona))).toEqual(new Set(['inactivos']));
  });

  it('finds the planted personas again', async () => {
    const rows =
      await query(`SELECT persona, aparicion, cluster_id, cluster_nombre FROM '${run.path('clientes_segmentados')}'
      JOIN read_csv('${written.truthFile}', all_varchar = true) USING (dni) WHERE cluster_id IS NOT NULL ORDER BY dni`);
    const ari = adjustedRand(rows.map(({ persona, cluster_id }) => [persona, cluster_id]));
    const names = [...new Set(rows.map((row) => String(row['cluster_nombre'])))];
    console.log(`demo: ${names.join(', ')}; adjusted Rand index with the personas ${ari.toFixed(3)}`);
    expect(ari).toBeGreaterThan(0.9);
    expect(names.toSorted()).toEqual([
      'Farmacia',
      'Inactivos',
      'Restaurantes y delivery',
      'Supermercado',
      'Tecnología',
      'Viajes',
    ]);
  });
});

const sparkov = await realData('sparkov_simulated');
describe.skipIf(sparkov === undefined)('sparkov', () => {
  let space: Workspace;
  let run: SegmentationRun;
  beforeAll(async () => {
    space = await workspace();
    const config = await configOn(space, 'sparkov.yaml', '../../shared/data/sparkov_simulated', sparkov ?? '');
    run = expectSuccess(
      await runSegmentation({ workspace: space, fecha: '2024-07-01', config, params: { k: 6, restarts: 2 } }),
    );
  });
  afterAll(() => space.remove());

  it('loses no row by its event key', () => {
    expect(reportOf(run)).toMatchObject({
      leidas: 1_067_363,
      mapeadas: 1_067_363,
      duplicadas: 0,
      fecha_ilegible: 0,
      descartadas: {},
    });
  });

  it('splits category into rubro and channel', async () => {
    const found = await query(
      `SELECT rubro, canal, count(*)::INTEGER AS filas FROM '${run.path('transactions')}' GROUP BY ALL ORDER BY ALL`,
    );
    const expected = await query(`
      SELECT CASE WHEN suffixed THEN left(category, length(category) - 4) ELSE category END AS rubro,
        CASE WHEN suffixed THEN right(category, 3) END AS canal, count(*)::INTEGER AS filas
      FROM (SELECT category, right(category, 4) IN ('_pos', '_net') AS suffixed, trans_date FROM '${sparkov}/transactions.parquet')
      WHERE trans_date::VARCHAR >= '2024-01-03' GROUP BY ALL ORDER BY ALL`);
    expect(found).toEqual(expected);
    expect(new Set(found.map(({ canal }) => canal))).toEqual(new Set(['net', 'pos', null]));
    expect(found.some(({ rubro }) => /_(pos|net)$/.test(String(rubro)))).toBe(false);
  });

  it('has a segment for every customer who bought in the window', async () => {
    const rows = await query(`SELECT cluster_id, true_profile FROM '${run.path('clientes_segmentados')}'
      JOIN (SELECT customer_id::VARCHAR AS dni, * FROM '${sparkov}/customers.parquet') USING (dni) WHERE cluster_id IS NOT NULL`);
    expect(rows.length).toBe(run.artifacts['features']?.rows);
    const ari = adjustedRand(rows.map(({ cluster_id, true_profile }) => [cluster_id, true_profile]));
    console.log(`sparkov: adjusted Rand index with true_profile ${ari.toFixed(3)} (not asserted)`);
  });
});

const completejourney = await realData('completejourney');
describe.skipIf(completejourney === undefined)('completejourney', () => {
  it('gives the same bytes on 1, 2 and 4 threads', async () => {
    const found = [];
    for (const threads of [1, 2, 4]) {
      const space = await workspace();
      try {
        const config = await configOn(
          space,
          'completejourney.yaml',
          '../../shared/data/completejourney',
          completejourney ?? '',
        );
        const params = { k: 4, restarts: 2, window: 300 };
        found.push(
          hashesOf(
            expectSuccess(await runSegmentation({ workspace: space, fecha: '2017-12-25', config, params, threads })),
          ),
        );
      } finally {
        await space.remove();
      }
    }
    expect(Object.keys(found[0] ?? {}).length).toBe(12);
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
  });
});
