import { describe, expect, it } from 'vitest';
import { fitKMeans } from '../../../kernels/kmeans.js';
import type { KernelProgress } from '../../../kernels/progress.js';
import { selectKMeans } from '../../../kernels/select-kmeans.js';
import { silhouette } from '../../../kernels/silhouette.js';
import { sweepKMeans } from '../../../kernels/sweep-kmeans.js';
import { float32Matrix, groupedMatrix } from './tables.js';

const matrix = groupedMatrix(120, 4, 4, 2);

describe('sweepKMeans', () => {
  it('finds how many groups there are', () => {
    const offsets = groupedMatrix(120, 2, 1, 2);
    // Corner i % 4 of a square.
    const corners = offsets.values.map((x, at) => x + ((at >> (at % 2 === 0 ? 1 : 2)) % 2) * 10);
    const square = { ...offsets, values: corners };
    const sweep = sweepKMeans(square, { ks: [1, 2, 3, 4, 5, 6, 7, 8], seed: 1 });
    expect(sweep.chosenK).toBe(4);
    expect(sweep.model.k).toBe(4);
    expect(sweep.model.sizes).toEqual([30, 30, 30, 30]);
  });

  it('has for every k what k-means alone has, and the exact silhouette where the sample is all rows', () => {
    const { byK } = sweepKMeans(matrix, { ks: [5, 2, 3, 2], seed: 9, restarts: 3 });
    expect(byK.map((summary) => summary.k)).toEqual([2, 3, 5]);
    for (const summary of byK) {
      const { k, inertia, iterations, sizes, labels } = fitKMeans(matrix, { k: summary.k, seed: 9, restarts: 3 });
      expect(summary).toEqual({ k, inertia, iterations, sizes, silhouette: silhouette(matrix, labels) });
    }
  });

  it('chooses the k that is given alone', () => {
    const sweep = sweepKMeans(matrix, { ks: [7], seed: 1 });
    expect(sweep.chosenK).toBe(7);
    expect(sweep.model).toEqual(fitKMeans(matrix, { k: 7, seed: 1 }));
    expect(sweep.byK).toHaveLength(1);
  });

  it('samples the rows for the silhouettes, the same rows for the same seed', () => {
    const options = { ks: [2, 4], silhouetteSample: 40 };
    const sampled = sweepKMeans(matrix, { ...options, seed: 1 });
    expect(sweepKMeans(matrix, { ...options, seed: 1 })).toEqual(sampled);
    const exact = silhouette(matrix, sampled.model.labels) ?? Number.NaN;
    const estimate = sampled.byK.find(({ k }) => k === sampled.chosenK)?.silhouette ?? Number.NaN;
    expect(estimate).not.toBe(exact);
    expect(Math.abs(estimate - exact)).toBeLessThan(0.1);
  });

  it('lists each number of clusters once where there are fewer distinct points than asked for', () => {
    const few = float32Matrix([[0], [0], [1], [1], [20], [20]]);
    const sweep = sweepKMeans(few, { ks: [1, 2, 3, 4, 5, 6], seed: 1 });
    expect(sweep.byK.map(({ k }) => k)).toEqual([1, 2, 3]);
    // Around the mean of 7: twice 49, 36 and 169. Around 0.5 and 20: four times a quarter.
    expect(sweep.byK.map(({ inertia }) => inertia)).toEqual([508, 1, 0]);
    expect(sweep.model.k).toBe(sweep.chosenK);
  });

  it('scores a single cluster with a silhouette of null', () => {
    expect(sweepKMeans(matrix, { ks: [1], seed: 1 })).toMatchObject({ chosenK: 1, byK: [{ k: 1, silhouette: null }] });
  });

  it('reports the fits and then the silhouettes', () => {
    const seen: KernelProgress[] = [];
    sweepKMeans(matrix, { ks: [2, 3], seed: 1, restarts: 1, onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toMatchObject({ phase: 'lloyd', k: 2 });
    expect(seen.at(-1)).toEqual({ phase: 'silhouette', rows: 120, of: 120 });
  });

  it('refuses no ks, ks out of range and an empty sample', () => {
    expect(() => sweepKMeans(matrix, { ks: [], seed: 1 })).toThrow(
      new RangeError('Expected `ks` to have at least one k, got none'),
    );
    expect(() => sweepKMeans(matrix, { ks: [2, 121], seed: 1 })).toThrow(
      new RangeError('Expected `ks[1]` to be 1..rows (120), got 121'),
    );
    expect(() => sweepKMeans(matrix, { ks: [2], seed: 1, silhouetteSample: 0 })).toThrow(
      new RangeError('Expected `silhouetteSample` to be at least 1, got 0'),
    );
  });
});

describe('selectKMeans', () => {
  it('takes the model of the lowest inertia where several have the same k', () => {
    const tight = fitKMeans(matrix, { k: 4, seed: 1 });
    const loose = { ...tight, inertia: tight.inertia + 1 };
    expect(selectKMeans(matrix, [loose, tight], { seed: 1 }).model).toBe(tight);
    expect(selectKMeans(matrix, [tight, loose], { seed: 1 }).model).toBe(tight);
  });
});
