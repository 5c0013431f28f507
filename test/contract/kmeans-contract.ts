import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type KMeansModel, type KMeansOptions, predictKMeans } from '../../kernels/kmeans.js';
import type { Matrix } from '../../kernels/matrix.js';
import {
  type GoldenLloyd,
  coarseTables,
  distinctRows,
  fineTables,
  float32Matrix,
  float64Matrix,
  groupedMatrix,
  naiveSquaredDistance,
  sklearnFigures,
  toRows,
} from '../unit/kernels/tables.js';

export type FitKMeans = (matrix: Matrix, options: Omit<KMeansOptions, 'onProgress'>) => Promise<KMeansModel>;

const tables = fc.oneof(coarseTables, fineTables);

/** Clusters as a model numbers them: by size, then by centroid. Centroids of different clusters differ. */
function inModelOrder({ labels, centroids }: GoldenLloyd): Pick<GoldenLloyd, 'labels' | 'centroids'> {
  const size = (cluster: number): number => labels.filter((label) => label === cluster).length;
  const order = [...centroids.keys()].toSorted((a, b) => size(b) - size(a));
  return {
    labels: labels.map((label) => order.indexOf(label)),
    centroids: order.map((cluster) => centroids[cluster] ?? []),
  };
}

/** What every version of `fitKMeans` does; properties are tried on `numRuns` tables. */
export function kMeansContract(fit: FitKMeans, numRuns = 100): void {
  it.each([
    ['after three iterations', 'three_iterations', { maxIterations: 3, tolerance: 0 }],
    ['at the default tolerance', 'default_tolerance', {}],
    ['when no label changes any more', 'converged', { maxIterations: 1000, tolerance: 0 }],
  ] as const)('is where scikit-learn is from given centroids, %s', async (_, name, options) => {
    const { scaled, given } = sklearnFigures();
    const initial = float64Matrix(given.rows.map((i) => scaled[i] ?? []));
    const model = await fit(float32Matrix(scaled), { k: initial.rows, initial, seed: 1, ...options });
    const expected = inModelOrder(given[name]);
    expect([...model.labels]).toEqual(expected.labels);
    expect(model.inertia).toBeCloseTo(given[name].inertia, 9);
    expect(model.iterations).toBe(given[name].iterations);
    for (const [at, value] of expected.centroids.flat().entries()) {
      expect(model.centroids.values[at]).toBeCloseTo(value, 9);
    }
  });

  it('is at most 0.1% above the best inertia of scikit-learn, whatever the seed', async () => {
    const { scaled, best } = sklearnFigures();
    for (const { k, inertia } of best) {
      for (let seed = 0; seed < 10; seed++) {
        expect((await fit(float32Matrix(scaled), { k, seed })).inertia).toBeLessThanOrEqual(inertia * 1.001);
      }
    }
  });

  it('keeps to what a model promises', async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.nat(), fc.nat(), async (table, n, seed) => {
        const matrix = float32Matrix(table);
        const rows = toRows(matrix);
        const k = 1 + (n % Math.min(table.length, 9));
        const model = await fit(matrix, { k, seed, restarts: 2, tolerance: 0 });
        expect(model.k).toBe(Math.min(k, distinctRows(rows)));
        expect(model.centroids.rows).toBe(model.k);
        // By measuring all centroids from all rows: what bounds rule out was no nearer.
        expect(predictKMeans(model, matrix)).toEqual(model.labels);
        const counted = model.sizes.map((_, cluster) => model.labels.filter((label) => label === cluster).length);
        expect(counted).toEqual(model.sizes);
        expect(Math.min(...model.sizes)).toBeGreaterThan(0);
        expect(model.sizes).toEqual(model.sizes.toSorted((a, b) => b - a));
        const centroids = toRows(model.centroids);
        expect(distinctRows(centroids)).toBe(model.k);
        const inertia = rows.reduce(
          (sum, each, i) => sum + naiveSquaredDistance(each, centroids[model.labels[i] ?? -1] ?? []),
          0,
        );
        expect(Math.abs(model.inertia - inertia)).toBeLessThanOrEqual(1e-9 * (1 + inertia));
      }),
      { numRuns },
    );
  });

  it('never lets the inertia rise from one iteration to the next', async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.nat(), async (table, n) => {
        const matrix = float32Matrix(table);
        const initial = float32Matrix(table.slice(0, 1 + (n % Math.min(table.length, 9))));
        const options = { k: initial.rows, initial, seed: 1, tolerance: 0 };
        const { iterations } = await fit(matrix, options);
        let before = Infinity;
        for (let maxIterations = 1; maxIterations <= iterations; maxIterations++) {
          const { inertia } = await fit(matrix, { ...options, maxIterations });
          expect(inertia).toBeLessThanOrEqual(before * (1 + 1e-12));
          before = inertia;
        }
      }),
      { numRuns: numRuns / 2 },
    );
  });

  it('gives the same bits for the same seed', async () => {
    await fc.assert(
      fc.asyncProperty(fineTables, fc.nat(), async (table, seed) => {
        const matrix = float32Matrix(table);
        const options = { k: Math.min(4, table.length), seed, restarts: 3 };
        expect(await fit(matrix, options)).toEqual(await fit(matrix, options));
      }),
      { numRuns: numRuns / 4 },
    );
  });

  it('finds groups that lie apart, largest first', async () => {
    const matrix = float32Matrix([
      [9, 9],
      [0, 0],
      [0, 2],
      [2, 0],
      [2, 2],
      [9, 11],
    ]);
    const model = await fit(matrix, { k: 2, seed: 1 });
    expect(toRows(model.centroids)).toEqual([
      [1, 1],
      [9, 10],
    ]);
    expect([...model.labels]).toEqual([1, 0, 0, 0, 0, 1]);
    expect(model).toMatchObject({ k: 2, sizes: [4, 2], inertia: 10, restarts: 10 });
  });

  it('has the mean of all rows for k 1', async () => {
    const model = await fit(float32Matrix([[1], [2], [6]]), { k: 1, seed: 4 });
    expect(toRows(model.centroids)).toEqual([[3]]);
    expect(model).toMatchObject({ k: 1, sizes: [3], inertia: 14 });
  });

  it('has every row as a cluster of its own for k = rows, in the order of the centroids', async () => {
    const model = await fit(float32Matrix([[3], [1], [2]]), { k: 3, seed: 4 });
    expect(toRows(model.centroids)).toEqual([[1], [2], [3]]);
    expect([...model.labels]).toEqual([2, 0, 1]);
    expect(model.inertia).toBe(0);
    expect(await fit(groupedMatrix(50, 3, 50, 1), { k: 50, seed: 0 })).toMatchObject({ k: 50, inertia: 0 });
  });

  it('fits one row', async () => {
    const model = await fit(float32Matrix([[7, 8]]), { k: 1, seed: 0 });
    expect(model).toMatchObject({ k: 1, sizes: [1], inertia: 0 });
    expect(toRows(model.centroids)).toEqual([[7, 8]]);
  });

  it('has one cluster, on the spot, for identical points, also where they have no end in binary', async () => {
    for (const rows of [10, 2000]) {
      const model = await fit(float32Matrix(Array.from({ length: rows }, () => [0.1, 0.7])), { k: 4, seed: 0 });
      expect(model).toMatchObject({ k: 1, sizes: [rows], inertia: 0 });
      expect(toRows(model.centroids)).toEqual([[Math.fround(0.1), Math.fround(0.7)]]);
    }
  });

  it('has one cluster where all is 0, and does not mind columns of zeros beside others', async () => {
    const nothing = float32Matrix([[0], [-0], [0]]);
    expect(await fit(nothing, { k: 2, seed: 0 })).toMatchObject({ k: 1, sizes: [3], inertia: 0 });
    const rows = toRows(groupedMatrix(60, 3, 3, 2));
    const [plain, padded] = [rows, rows.map(([a = 0, b = 0, c = 0]) => [0, a, b, c, 0])];
    const [one, other] = await Promise.all(
      [plain, padded].map(async (table) => fit(float32Matrix(table), { k: 3, seed: 2 })),
    );
    expect(other?.labels).toEqual(one?.labels);
    expect(toRows(other?.centroids ?? nothing).map((centroid) => [centroid[0], centroid[4]])).toEqual(
      [0, 1, 2].map(() => [0, 0]),
    );
  });

  it('has as many clusters as distinct points when k is more', async () => {
    const model = await fit(float32Matrix([[1], [1], [5], [5], [5], [9]]), { k: 5, seed: 3 });
    expect(toRows(model.centroids)).toEqual([[5], [1], [9]]);
    expect(model).toMatchObject({ k: 3, sizes: [3, 2, 1], inertia: 0 });
  });

  it.each([0, 4, 1.5, Number.NaN])('refuses k %s for three rows', async (k) => {
    await expect(fit(float32Matrix([[1], [2], [3]]), { k, seed: 1 })).rejects.toThrow(
      new RangeError(`Expected \`k\` to be 1..rows (3), got ${k}`),
    );
  });

  it('refuses other options out of range', async () => {
    const matrix = float32Matrix([[1], [2]]);
    const refused = (options: object) => expect(fit(matrix, { k: 1, seed: 1, ...options })).rejects;
    await refused({ restarts: 0 }).toThrow('Expected `restarts` to be at least 1, got 0');
    await refused({ maxIterations: 0 }).toThrow('Expected `maxIterations`');
    await refused({ tolerance: -1 }).toThrow('Expected `tolerance` to be 0 or more');
    await refused({ seed: -1 }).toThrow('Expected `seed`');
    await refused({ k: 2, initial: matrix, restarts: 2 }).toThrow(
      new RangeError('Expected `restarts` to be 1 from `initial`, got 2'),
    );
  });

  it('refuses NaN, infinities, and matrices without rows or columns', async () => {
    for (const [value, name] of [
      [Number.NaN, 'NaN'],
      [Infinity, 'Infinity'],
      [-Infinity, '-Infinity'],
    ] as const) {
      await expect(
        fit(
          float32Matrix([
            [1, 2],
            [3, value],
            [5, 6],
          ]),
          { k: 1, seed: 1 },
        ),
      ).rejects.toThrow(new RangeError(`Expected finite values in matrix, got ${name} at row 1, column 1`));
    }
    await expect(fit(float32Matrix([]), { k: 1, seed: 1 })).rejects.toThrow(RangeError);
    await expect(fit(float32Matrix([[]]), { k: 1, seed: 1 })).rejects.toThrow(RangeError);
    await expect(fit({ rows: 2, columns: 2, values: new Float32Array(3) }, { k: 1, seed: 1 })).rejects.toThrow(
      new RangeError('Expected matrix of 2 x 2 to have 4 values, got 3'),
    );
  });
}
