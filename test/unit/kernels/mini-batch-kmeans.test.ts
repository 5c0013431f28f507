import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitKMeans, predictKMeans } from '../../../kernels/kmeans.js';
import { fitMiniBatchKMeans } from '../../../kernels/mini-batch-kmeans.js';
import { learnByBatches } from '../../../kernels/mini-batch-learning.js';
import { rowsOfBatchBlock } from '../../../kernels/mini-batch-rows.js';
import type { KernelProgress } from '../../../kernels/progress.js';
import { coarseTables, fineTables, float64Matrix, groupedMatrix, naiveSquaredDistance, toRows } from './tables.js';

/** A batch of points on a line, each with the number of its nearest centroid. */
function batchOf(points: readonly number[], labels: readonly number[], centroids: Float64Array) {
  const counts = new Int32Array(centroids.length);
  const sums = new Float64Array(centroids.length);
  const distances = Float64Array.from(points, (x, i) => (x - (centroids[labels[i] ?? 0] ?? 0)) ** 2);
  for (const [i, label] of labels.entries()) {
    counts[label] = (counts[label] ?? 0) + 1;
    sums[label] = (sums[label] ?? 0) + (points[i] ?? 0);
  }
  const inertia = distances.reduce((sum, x) => sum + x, 0);
  return { distances, counts, sums, inertia, row: (i: number) => Float64Array.of(points[i] ?? 0) };
}

describe('learnByBatches', () => {
  it('moves a centroid as far as if each row had drawn it by one over the rows it has had', () => {
    const centroids = Float64Array.of(2, 10);
    const learn = learnByBatches(centroids, 1, [3, 1], 10);
    let one = 2;
    for (const [i, x] of [1, 4, 3].entries()) one += (x - one) / (3 + i + 1);
    learn(batchOf([1, 4, 12, 3], [0, 0, 1, 0], centroids));
    expect(centroids[0]).toBeCloseTo(one, 14);
    expect(centroids[1]).toBe(11);
  });

  it('gives a centroid without rows in 16 batches the place of the farthest row, the first of equals', () => {
    const centroids = Float64Array.of(0, 100);
    const learn = learnByBatches(centroids, 1, [1, 1], 1000);
    for (let batch = 1; batch <= 15; batch++) learn(batchOf([-3, 3, 1, -1], [0, 0, 0, 0], centroids));
    expect([...centroids]).toEqual([0, 100]);
    learn(batchOf([-3, 3, 1, -1], [0, 0, 0, 0], centroids));
    expect([...centroids]).toEqual([0, -3]);
  });

  it('leaves it where it is when all rows are on their centroids', () => {
    const centroids = Float64Array.of(5, 100);
    const learn = learnByBatches(centroids, 1, [1, 1], 1000);
    for (let batch = 1; batch <= 40; batch++) learn(batchOf([5, 5], [0, 0], centroids));
    expect([...centroids]).toEqual([5, 100]);
  });

  it('ends when the smoothed inertia has not been lower for `patience` batches in a row', () => {
    const inertias = [9, 5, 6, 4, 9, 9, 1];
    const learn = learnByBatches(new Float64Array(1), 1, [1], 2);
    const batch = batchOf([1], [0], new Float64Array(1));
    // Smoothed with weight 2/3: 9, 6.33, 6.11, 4.70, 7.57, 8.52.
    expect(inertias.map((inertia) => learn({ ...batch, inertia })).indexOf(true)).toBe(5);
  });
});

describe('rowsOfBatchBlock', () => {
  it('draws rows evenly, others for every batch and block', () => {
    const of = (batch: number, block: number) => rowsOfBatchBlock(10, 9, { seed: 3, batch, block });
    expect(of(1, 0)).toHaveLength(9);
    expect(of(2, 0)).not.toEqual(of(1, 0));
    const counts = new Int32Array(10);
    for (let batch = 0; batch < 1000; batch++) for (const row of of(batch, 0)) counts[row] = (counts[row] ?? 0) + 1;
    // 900 each, with a standard deviation of 28.
    for (const count of counts) expect(Math.abs(count - 900)).toBeLessThan(150);
    const blocks = [0, 1].map((block) => rowsOfBatchBlock(1e6, 1500, { seed: 3, batch: 1, block }));
    expect(blocks.map((rows) => rows.length)).toEqual([1024, 476]);
    expect(blocks[1]).not.toEqual(blocks[0]?.slice(0, 476));
  });

  it('has all rows in order where a batch has as many', () => {
    expect([...rowsOfBatchBlock(1026, 1026, { seed: 3, batch: 1, block: 1 })]).toEqual([1024, 1025]);
  });
});

describe('fitMiniBatchKMeans', () => {
  it('keeps to what a model promises, over all rows', () => {
    const tables = fc.oneof(coarseTables, fineTables);
    fc.assert(
      fc.property(tables, fc.nat(), fc.integer({ min: 1, max: 12 }), fc.nat(), (table, n, batchRows, seed) => {
        const matrix = float64Matrix(table);
        const k = 1 + (n % Math.min(table.length, 4 * batchRows, 9));
        const model = fitMiniBatchKMeans(matrix, { k, seed, batchRows, restarts: 2, maxBatches: 20 });
        expect(model.k).toBeLessThanOrEqual(k);
        expect(model.centroids.rows).toBe(model.k);
        // To the bit of the grid, which `predictKMeans` does not know.
        const centroids = toRows(model.centroids);
        const squares = table.map((row) => centroids.map((centroid) => naiveSquaredDistance(row, centroid)));
        for (const [i, label] of model.labels.entries()) {
          const least = Math.min(...(squares[i] ?? []));
          expect(squares[i]?.[label]).toBeLessThanOrEqual(least + 1e-6 * (1 + least));
        }
        const inertia = squares.reduce((sum, each, i) => sum + (each[model.labels[i] ?? -1] ?? Number.NaN), 0);
        expect(Math.abs(model.inertia - inertia)).toBeLessThanOrEqual(1e-6 * (1 + inertia));
        const counted = model.sizes.map((_, cluster) => model.labels.filter((label) => label === cluster).length);
        expect(counted).toEqual(model.sizes);
        expect(Math.min(...model.sizes)).toBeGreaterThan(0);
        expect(model.sizes).toEqual(model.sizes.toSorted((a, b) => b - a));
      }),
    );
  });

  it('is near the inertia of all rows fitted, also in clusters that have no gaps between them', () => {
    for (const [groups, spread] of [
      [12, 2],
      [6, 10],
      [1, 5],
    ] as const) {
      const matrix = groupedMatrix(6000, 6, groups, spread);
      const full = fitKMeans(matrix, { k: 6, seed: 1, restarts: 3 });
      const batches = fitMiniBatchKMeans(matrix, { k: 6, seed: 1, restarts: 3, batchRows: 300 });
      expect(batches.iterations).toBeGreaterThan(1);
      // Measured over three seeds: at most 1.4% above.
      expect(batches.inertia / full.inertia).toBeLessThan(1.03);
      expect(predictKMeans(batches, matrix)).toEqual(batches.labels);
    }
  });

  it('is near the best fit of a sample before the first batch, and learns from the batches', () => {
    // Of 40 rows little is known; of batches of 10, more.
    const matrix = groupedMatrix(5000, 6, 1, 8);
    const options = { k: 4, seed: 2, batchRows: 10, restarts: 3, patience: 1000 };
    const [one, many] = [1, 400].map((maxBatches) => fitMiniBatchKMeans(matrix, { ...options, maxBatches }));
    expect(many?.inertia).toBeLessThan((one?.inertia ?? 0) * 0.97);
    expect(many?.iterations).toBe(400);
  });

  it('gives the same bits for the same seed, and others for another', () => {
    const matrix = groupedMatrix(3000, 5, 4, 8);
    const options = { k: 5, batchRows: 100, restarts: 1 };
    const model = fitMiniBatchKMeans(matrix, { ...options, seed: 7 });
    expect(fitMiniBatchKMeans(matrix, { ...options, seed: 7 })).toEqual(model);
    expect(fitMiniBatchKMeans(matrix, { ...options, seed: 8 }).centroids).not.toEqual(model.centroids);
  });

  it('reports the fit of the sample, and every batch', () => {
    const seen: KernelProgress[] = [];
    const model = fitMiniBatchKMeans(groupedMatrix(900, 3, 4, 4), {
      k: 4,
      seed: 5,
      restarts: 1,
      batchRows: 50,
      maxBatches: 12,
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen[0]).toMatchObject({ phase: 'lloyd', k: 4 });
    expect(seen.at(-1)).toEqual({ phase: 'batches', k: 4, batch: model.iterations, of: 12 });
  });

  it('refuses options out of range', () => {
    const matrix = groupedMatrix(30, 2, 2, 1);
    const refused = (options: object) => () => fitMiniBatchKMeans(matrix, { k: 2, seed: 1, ...options });
    expect(refused({ k: 31 })).toThrow(new RangeError('Expected `k` to be 1..rows (30), got 31'));
    expect(refused({ k: 9, batchRows: 2 })).toThrow(new RangeError('Expected `k` to be 1..4 `batchRows` (8), got 9'));
    expect(refused({ batchRows: 0 })).toThrow('Expected `batchRows` to be 1..2^24, got 0');
    expect(refused({ maxBatches: 0 })).toThrow('Expected `maxBatches` to be at least 1, got 0');
    expect(refused({ patience: 0 })).toThrow('Expected `patience` to be at least 1, got 0');
    expect(refused({ restarts: 0 })).toThrow('Expected `restarts` to be at least 1, got 0');
  });
});
