import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fitKMeans } from '../../kernels/kmeans.js';
import { fitKnn, queryKnn } from '../../kernels/knn.js';
import { readMatrix } from '../../lake/matrix-file.js';
import type { NamedMatrix } from '../../lake/matrix-file.js';
import { assignNearest } from '../../kernels/assign-nearest.js';
import { matrixForDistances } from '../../kernels/matrix.js';
import { isArtifact } from '../../dag/artifact.js';
import { readTable } from '../../lake/delta-log.js';
import { openStore } from '../../lake/open-store.js';
import { expectSuccess, query, realData, runSegmentation, workspace } from '../support/run-segmentation.js';
import type { SegmentationRun, Workspace } from '../support/run-segmentation.js';

const data = await realData('completejourney');
const golden = resolve('test/golden');

const counts = z.object({
  rows: z.record(z.string(), z.number()),
  customers: z.object({
    seen_before_date: z.number(),
    with_features: z.number(),
    without_segment: z.object({ no_row_in_window: z.number(), no_usable_row_in_window: z.number() }),
    without_segment_dnis: z.array(z.string()),
  }),
  monto_total_usable: z.number(),
  rubros: z.array(z.string()),
  canales: z.array(z.string()),
  columns: z.array(z.string()),
});

const clusters = z.object({
  rows: z.number(),
  scaler: z.object({ columns: z.array(z.string()), mean: z.array(z.number()), scale: z.array(z.number()) }),
  given: z.object({
    rows: z.array(z.number()),
    inertia_before: z.number(),
    sizes_before: z.array(z.number()),
    inertia_converged: z.number(),
  }),
  best: z.object({ inertia: z.number(), sizes: z.array(z.number()) }),
  neighbours: z.array(z.object({ dni: z.string(), dnis: z.array(z.string()), distances: z.array(z.number()) })),
});

const reportOf = (artifact: unknown): { readonly [figure: string]: unknown } =>
  isArtifact(artifact) ? { ...artifact.report } : {};

const readGolden = async <T>(file: string, date: string, shape: z.ZodType<T>): Promise<T> =>
  shape.parse(z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(resolve(golden, file), 'utf8')))[date]);

const relative = (ours: number, theirs: number): number =>
  ours === theirs ? 0 : Math.abs(ours - theirs) / Math.max(Math.abs(ours), Math.abs(theirs));

describe.skipIf(data === undefined).each(['2017-07-03', '2017-12-25'])('completejourney at %s', (fecha) => {
  let space: Workspace;
  let run: SegmentationRun;
  let matrix: NamedMatrix;
  let expectedCounts: z.infer<typeof counts>;
  let sklearn: z.infer<typeof clusters>;

  beforeAll(async () => {
    space = await workspace();
    expectedCounts = await readGolden('features-completejourney.json', fecha, counts);
    sklearn = await readGolden('clusters-completejourney.json', fecha, clusters);
    run = expectSuccess(
      await runSegmentation({
        workspace: space,
        fecha,
        config: await shippedConfig(space),
        params: { k: 6, restarts: 10 },
      }),
    );
    matrix = await readMatrix(run.path('matrix'));
  });
  afterAll(() => space.remove());

  it('has the dnis and columns of the pandas feature table, in their order', async () => {
    const [ours, theirs] = [run.path('features'), `${golden}/features-completejourney-${fecha}.parquet`];
    const columns = async (file: string) =>
      (await query(`SELECT column_name AS name, column_type AS type FROM (DESCRIBE SELECT * FROM '${file}')`)).map(
        ({ name, type }) => `${String(name)} ${String(type)}`,
      );
    expect(await columns(ours)).toEqual(await columns(theirs));
    expect((await columns(ours)).map((column) => column.replace(/ \w+$/, ''))).toEqual(expectedCounts.columns);
    const dnis = async (file: string) => (await query(`SELECT dni FROM '${file}'`)).map(({ dni }) => dni);
    expect(await dnis(ours)).toEqual(await dnis(theirs));
  });

  it('has every figure of the pandas feature table to 1e-9 relative', async () => {
    const long = (file: string): string =>
      `SELECT dni, feature, value FROM (UNPIVOT '${file}' ON * EXCLUDE (dni) INTO NAME feature VALUE value)`;
    const [worst] = await query(`
      SELECT count(*)::DOUBLE AS compared, max(if(o.value = g.value, 0, abs(o.value - g.value) / greatest(abs(o.value), abs(g.value)))) AS difference,
        count(*) FILTER (o.value IS NULL OR g.value IS NULL)::DOUBLE AS missing
      FROM (${long(run.path('features'))}) o FULL JOIN (${long(`${golden}/features-completejourney-${fecha}.parquet`)}) g USING (dni, feature)`);
    console.log(
      `features ${fecha}: worst relative difference ${String(worst?.['difference'])} of ${String(worst?.['compared'])}`,
    );
    expect(worst?.['compared']).toBe(sklearn.rows * (expectedCounts.columns.length - 1));
    expect(worst?.['missing']).toBe(0);
    expect(worst?.['difference']).toBeLessThanOrEqual(1e-9);
  });

  it('counts rows and customers as pandas does', async () => {
    const { rows, customers } = expectedCounts;
    expect(reportOf(run.artifacts['transactions'])).toMatchObject({
      leidas: rows['source'],
      mapeadas: rows['source'],
      duplicadas: rows['duplicada'],
      fecha_ilegible: 0,
      usables: rows['usable_in_window'],
      anteriores: rows['positive_before_window'],
      descartadas: { monto_no_positivo: rows['monto_no_positivo'] },
    });
    const [found] = await query(`SELECT count(*)::DOUBLE AS rows, sum(monto)::DOUBLE AS monto,
      count(*) FILTER (rubro = 'desconocido')::DOUBLE AS desconocido FROM '${run.path('transactions')}'`);
    expect(found).toEqual({
      rows: rows['usable_in_window'],
      monto: expectedCounts.monto_total_usable,
      desconocido: rows['usable_in_window_rubro_desconocido'],
    });
    const published = await query(`SELECT dni, motivo FROM '${run.path('clientes_segmentados')}'`);
    expect(published.length).toBe(customers.seen_before_date);
    const without = published.filter(({ motivo }) => motivo !== null);
    expect(without.map(({ dni }) => dni)).toEqual(customers.without_segment_dnis);
    const motivos = (motivo: string): number => without.filter((row) => row['motivo'] === motivo).length;
    expect(motivos('sin_compras_en_ventana')).toBe(customers.without_segment.no_row_in_window);
    expect(motivos('sin_filas_usables')).toBe(customers.without_segment.no_usable_row_in_window);
  });

  it("scales with scikit-learn's means and deviations to 1e-9", async () => {
    const scaler = z
      .object({ columns: z.array(z.string()), means: z.array(z.number()), scales: z.array(z.number()) })
      .parse(JSON.parse(await readFile(run.path('scaler'), 'utf8')));
    expect(scaler.columns).toEqual(sklearn.scaler.columns);
    const worst = Math.max(
      ...scaler.means.map((mean, i) => relative(mean, sklearn.scaler.mean[i] ?? Number.NaN)),
      ...scaler.scales.map((scale, i) => relative(scale, sklearn.scaler.scale[i] ?? Number.NaN)),
    );
    console.log(`scaler ${fecha}: worst relative difference ${worst}`);
    expect(worst).toBeLessThanOrEqual(1e-9);
  });

  it("has scikit-learn's inertia for its given centroids to 1e-6", () => {
    const points = matrixForDistances(matrix.matrix);
    const { columns } = points;
    const { rows } = sklearn.given;
    const values = Float64Array.from(
      rows.flatMap((row) => Array.from(points.values.subarray(row * columns, (row + 1) * columns))),
    );
    const labels = new Int32Array(points.rows).fill(-1);
    const squared = new Float64Array(points.rows);
    assignNearest(points, { rows: rows.length, columns, values }, labels, squared);
    const inertia = squared.reduce((sum, distance) => sum + distance, 0);
    expect(relative(inertia, sklearn.given.inertia_before)).toBeLessThanOrEqual(1e-6);
    expect(rows.map((_, cluster) => labels.filter((label) => label === cluster).length)).toEqual(
      sklearn.given.sizes_before,
    );
  });

  it("reaches scikit-learn's best inertia with ten starts, to 0.1%", async () => {
    const model = z
      .object({ inertia: z.number(), sizes: z.array(z.number()), columns: z.array(z.string()) })
      .parse(JSON.parse(await readFile(run.path('model'), 'utf8')));
    console.log(`inertia ${fecha}: ${model.inertia}, scikit-learn's best ${sklearn.best.inertia}`);
    expect(model.inertia).toBeLessThanOrEqual(sklearn.best.inertia * 1.001);
    // What the task wrote is what the kernel finds for the matrix in the lake, whoever calls it.
    const again = fitKMeans(matrix.matrix, { k: 6, restarts: 10, swapPatience: 8, seed: 42 });
    expect(model.inertia).toBe(again.inertia);
    expect(model.sizes).toEqual(again.sizes);
    const sizes = await query(
      `SELECT count(*)::DOUBLE AS size FROM '${run.path('clientes_segmentados')}' WHERE cluster_id IS NOT NULL GROUP BY cluster_id ORDER BY cluster_id`,
    );
    expect(sizes.map(({ size }) => size)).toEqual(model.sizes);
  });

  it("finds scikit-learn's neighbours through the index that the partition names", async () => {
    const store = openStore(space.lake);
    const { files } = await readTable(store, 'clientes_segmentados');
    const artifact: unknown = JSON.parse(files.find((file) => file.fecha === fecha)?.tags['knnIndex'] ?? 'null');
    if (!isArtifact(artifact)) throw new Error('Expected the partition to name its index');
    const { ids, matrix: points } = await readMatrix(store.localPath(artifact.uri) ?? '');
    const index = fitKnn(points);
    expect(sklearn.neighbours.length).toBe(50);
    for (const { dni, dnis, distances } of sklearn.neighbours) {
      const self = ids.indexOf(dni);
      const values = points.values.slice(self * points.columns, (self + 1) * points.columns);
      const query = { rows: 1, columns: points.columns, values };
      const found = queryKnn(index, query, dnis.length, { exclude: Int32Array.of(self) });
      for (const [i, row] of found.indices.entries()) {
        const theirs = distances[i] ?? Number.NaN;
        expect(relative(found.distances[i] ?? Number.NaN, theirs)).toBeLessThanOrEqual(1e-6);
        // Neighbours at one distance may come in any order; the set of them is the same.
        const tied = dnis.filter((_, j) => relative(distances[j] ?? Number.NaN, theirs) <= 1e-6);
        expect(tied).toContain(ids[row]);
      }
    }
  });
});

/** The shipped configuration, wherever the data is. */
async function shippedConfig(space: Workspace): Promise<string> {
  const text = await readFile(resolve('configs/completejourney.yaml'), 'utf8');
  if (data === resolve('../shared/data/completejourney')) return 'configs/completejourney.yaml';
  const file = resolve(space.folder, 'completejourney.yaml');
  await writeFile(file, text.replaceAll('../../shared/data/completejourney', data ?? ''));
  return file;
}
