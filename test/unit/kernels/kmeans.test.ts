import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalClusters } from '../../../kernels/canonical-clusters.js';
import { kMeansPlusPlus } from '../../../kernels/kmeans-plus-plus.js';
import { fitKMeans, predictKMeans } from '../../../kernels/kmeans.js';
import type { KernelProgress } from '../../../kernels/progress.js';
import { randomStream } from '../../../kernels/random.js';
import { kMeansContract } from '../../contract/kmeans-contract.js';
import {
  coarseTables,
  distinctRows,
  fineTables,
  float32Matrix,
  float64Matrix,
  groupedMatrix,
  sklearnFigures,
  toRows,
} from './tables.js';

const tables = fc.oneof(coarseTables, fineTables);

describe('kMeansPlusPlus', () => {
  it('chooses distinct points of the matrix, as many as there are up to k', () => {
    fc.assert(
      fc.property(coarseTables, fc.integer({ min: 1, max: 12 }), fc.nat(), (table, k, seed) => {
        const chosen = toRows(kMeansPlusPlus(float64Matrix(table), k, randomStream(seed)));
        expect(chosen).toHaveLength(Math.min(k, distinctRows(table)));
        expect(distinctRows(chosen)).toBe(chosen.length);
        for (const centroid of chosen) expect(table.map(String)).toContain(String(centroid));
      }),
    );
  });

  it('never draws a row that is a centroid already, even with the lowest number', () => {
    const lowest = { bits: () => 0, uniform: () => 0, integer: () => 0 };
    expect(toRows(kMeansPlusPlus(float64Matrix([[0], [0], [5]]), 2, lowest))).toEqual([[0], [5]]);
  });

  it('draws the second centroid in proportion to the squared distance from the first', () => {
    // From 0, the rows at 1 and 3 weigh 1 and 9; of two draws, the one that leaves less inertia stays. 3 leaves 1, and
    // 1 leaves 4, so 1 is chosen only when both draws fall on it: once in a hundred times.
    const points = float64Matrix([[0], [1], [3]]);
    let starts = 0;
    let ones = 0;
    for (let seed = 0; seed < 30_000; seed++) {
      const [first, second] = toRows(kMeansPlusPlus(points, 2, randomStream(seed)));
      if (first?.[0] !== 0) continue;
      starts++;
      if (second?.[0] === 1) ones++;
    }
    expect(Math.abs(starts - 10_000)).toBeLessThan(400);
    expect(Math.abs(ones / starts - 0.01)).toBeLessThan(0.004);
  });
});

describe('canonicalClusters', () => {
  it('orders clusters by size, then by centroid, and drops empty ones', () => {
    const points = float64Matrix([[5], [1], [9], [9]]);
    const ordered = canonicalClusters(points, float64Matrix([[5], [100], [1], [9]]), Int32Array.of(0, 2, 3, 3));
    expect(toRows(ordered.centroids)).toEqual([[9], [1], [5]]);
    expect([...ordered.labels]).toEqual([2, 1, 0, 0]);
    expect(ordered.sizes).toEqual([2, 1, 1]);
  });

  it('gives a point between two centroids to the first in the new order', () => {
    // The point 0 is as near to -1 as to 1. The larger cluster, 1, comes first now, and takes it.
    const points = float64Matrix([[-1], [0], [1], [1], [1]]);
    const ordered = canonicalClusters(points, float64Matrix([[-1], [1]]), Int32Array.of(0, 0, 1, 1, 1));
    expect(toRows(ordered.centroids)).toEqual([[1], [-1]]);
    expect([...ordered.labels]).toEqual([1, 0, 0, 0, 0]);
    expect(ordered.sizes).toEqual([4, 1]);
  });
});

describe('fitKMeans', () => {
  kMeansContract(async (matrix, options) => fitKMeans(matrix, options));

  it('starts from given centroids, and ends where scikit-learn does', () => {
    const { scaled, given } = sklearnFigures();
    const matrix = float64Matrix(scaled);
    const initial = float64Matrix(given.rows.map((i) => scaled[i] ?? []));
    const { inertia, iterations, restarts } = fitKMeans(matrix, { k: initial.rows, initial, seed: 1 });
    expect(inertia).toBeCloseTo(given.default_tolerance.inertia, 4);
    expect(iterations).toBe(given.default_tolerance.iterations);
    expect(restarts).toBe(1);
  });

  it('has them near the spot where float64 holds more digits than the grid', () => {
    const model = fitKMeans(float64Matrix(Array.from({ length: 10 }, () => [0.1, 0.7])), { k: 4, seed: 0 });
    expect(model).toMatchObject({ k: 1, sizes: [10], inertia: 0 });
    // Half a step of the grid of ten rows of up to 1.
    for (const [c, value] of [0.1, 0.7].entries()) {
      expect(Math.abs((model.centroids.values[c] ?? Number.NaN) - value)).toBeLessThanOrEqual(2 ** -48);
    }
  });

  it('keeps to what a model promises', () => {
    fc.assert(
      fc.property(tables, fc.nat(), fc.nat(), (table, n, seed) => {
        const matrix = float64Matrix(table);
        const k = 1 + (n % Math.min(table.length, 9));
        const model = fitKMeans(matrix, { k, seed, restarts: 2, tolerance: 0 });
        expect(model.k).toBe(Math.min(k, distinctRows(table)));
        expect(model.centroids.rows).toBe(model.k);
        expect(predictKMeans(model, matrix)).toEqual(model.labels);
        const counted = model.sizes.map((_, cluster) => model.labels.filter((label) => label === cluster).length);
        expect(counted).toEqual(model.sizes);
        expect(Math.min(...model.sizes)).toBeGreaterThan(0);
        expect(model.sizes).toEqual(model.sizes.toSorted((a, b) => b - a));
        expect(distinctRows(toRows(model.centroids))).toBe(model.k);
      }),
    );
  });

  it('gives the same bits for the same seed', () => {
    fc.assert(
      fc.property(fineTables, fc.nat(), (table, seed) => {
        const matrix = float64Matrix(table);
        const options = { k: Math.min(4, table.length), seed, restarts: 3 };
        expect(fitKMeans(matrix, options)).toEqual(fitKMeans(matrix, options));
      }),
      { numRuns: 30 },
    );
  });

  it('finds different starts with different seeds, and is no worse with more of them', () => {
    const matrix = groupedMatrix(300, 5, 12, 6);
    const inertias = [1, 2, 3, 4, 5].map((seed) => fitKMeans(matrix, { k: 8, seed, restarts: 1 }).inertia);
    expect(new Set(inertias).size).toBeGreaterThan(1);
    const one = fitKMeans(matrix, { k: 8, seed: 1, restarts: 1 });
    const many = fitKMeans(matrix, { k: 8, seed: 1, restarts: 20 });
    expect(many.inertia).toBeLessThan(one.inertia);
  });

  it('reads float32 and the same numbers in float64 alike', () => {
    const narrow = groupedMatrix(60, 3, 3, 4);
    const wide = { ...narrow, values: Float64Array.from(narrow.values) };
    expect(fitKMeans(narrow, { k: 3, seed: 5 })).toEqual(fitKMeans(wide, { k: 3, seed: 5 }));
  });

  it('converges at a tolerance relative to the variance of the columns', () => {
    const matrix = groupedMatrix(300, 5, 12, 6);
    // A power of two changes no digit.
    const larger = { ...matrix, values: matrix.values.map((x) => x * 1024) };
    const options = { k: 8, seed: 1, restarts: 1, tolerance: 1e-2 };
    const model = fitKMeans(matrix, options);
    expect(model.iterations).toBeLessThan(fitKMeans(matrix, { ...options, tolerance: 0 }).iterations);
    expect(fitKMeans(larger, options)).toMatchObject({ labels: model.labels, iterations: model.iterations });
  });

  it('reports every iteration of every start', () => {
    const seen: KernelProgress[] = [];
    const model = fitKMeans(groupedMatrix(60, 3, 4, 4), {
      k: 4,
      seed: 5,
      restarts: 2,
      maxIterations: 50,
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen[0]).toEqual({ phase: 'lloyd', k: 4, restart: 1, restarts: 2, iteration: 1, of: 50 });
    expect(seen.at(-1)).toMatchObject({ restart: 2, of: 50 });
    const lasts = [1, 2].map(
      (restart) => seen.filter((progress) => 'restart' in progress && progress.restart === restart).length,
    );
    expect(lasts).toContain(model.iterations);
  });

  it('ends as low as scikit-learn from a single start, on average over seeds', () => {
    const { scaled, single_starts: singleStarts } = sklearnFigures();
    const matrix = float32Matrix(scaled);
    const seeds = Array.from({ length: 200 }, (_, seed) => seed);
    for (const { k, inertia } of singleStarts) {
      const inertias = seeds.map((seed) => fitKMeans(matrix, { k, seed, restarts: 1 }).inertia);
      const mean = inertias.reduce((sum, each) => sum + each, 0) / seeds.length;
      // The standard error of the difference of the two means is about 0.2%.
      expect(Math.abs(mean / inertia - 1)).toBeLessThan(0.015);
    }
  });
});

describe('predictKMeans', () => {
  it('finds the nearest centroid of rows the model has not seen, the lowest of equally near ones', () => {
    const model = { centroids: float64Matrix([[0], [10]]) };
    expect([...predictKMeans(model, float32Matrix([[-5], [5], [6]]))]).toEqual([0, 0, 1]);
  });

  it('refuses other columns than those of the model', () => {
    expect(() => predictKMeans({ centroids: float64Matrix([[0, 1]]) }, float32Matrix([[1]]))).toThrow(
      new RangeError('Expected 2 columns, as the model has, got 1'),
    );
  });
});
