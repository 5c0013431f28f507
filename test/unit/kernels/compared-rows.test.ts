import { describe, expect, it } from 'vitest';
import { COMPARED_ROWS, comparedRows } from '../../../kernels/compared-rows.js';
import { fitKMeans } from '../../../kernels/kmeans.js';
import { lloyd } from '../../../kernels/lloyd.js';
import { rowsAt } from '../../../kernels/matrix.js';
import { groupedMatrix } from './tables.js';

describe('the rows over which starts are compared', () => {
  it('are all, where there are few', () => {
    expect(comparedRows(16_384, 1)).toBeUndefined();
  });

  it('are a sample of many, the same for the same seed', () => {
    const sample = comparedRows(20_000, 1);
    expect(sample).toHaveLength(16_384);
    expect(comparedRows(20_000, 1)).toEqual(sample);
  });
});

describe('k-means of more rows than that', () => {
  it('finds over a sample what is better for all of them', () => {
    // Six groups: a start that leaves two centroids to one of them is stuck.
    const { rows, columns, values } = groupedMatrix(20_000, 2, 6, 0.5);
    const points = { rows, columns, values: Float64Array.from(values) };
    const at = (...groups: number[]) => rowsAt(points, Int32Array.from(groups));
    const options = { maxIterations: 100, shiftTolerance: 0 };
    const best = lloyd(points, at(0, 1, 2, 3, 4, 5), options);
    expect(lloyd(points, at(0, 6, 1, 2, 3, 4), options).inertia).toBeGreaterThan(best.inertia * 2);
    const initial = at(0, 6, 1, 2, 3, 4);
    const found = fitKMeans(points, { k: 6, initial, swapPatience: 3, tolerance: 0, seed: 1 });
    expect(found.inertia).toBeCloseTo(best.inertia, 6);
  });

  it('ends where Lloyd over all rows does: labels are of the nearest centroid, and centroids are means', () => {
    const { rows, columns, values } = groupedMatrix(20_000, 2, 4, 2);
    const points = { rows, columns, values: Float64Array.from(values) };
    const model = fitKMeans(points, { k: 4, restarts: 3, tolerance: 0, seed: 2 });
    const again = lloyd(points, model.centroids, { maxIterations: 1, shiftTolerance: 0 });
    expect(again.labels).toEqual(model.labels);
    expect(again.inertia / model.inertia).toBeCloseTo(1, 12);
  });

  it('finds distinct points that the sample has not', () => {
    const rows = COMPARED_ROWS + 100;
    const sampled = new Set(comparedRows(rows, 3));
    const rare = Array.from({ length: rows }, (_, i) => i).filter((i) => !sampled.has(i));
    const values = new Float64Array(rows);
    values[rare[0] ?? 0] = 5;
    values[rare[1] ?? 0] = -7;
    const model = fitKMeans({ rows, columns: 1, values }, { k: 3, restarts: 2, seed: 3 });
    expect(model.sizes).toEqual([rows - 2, 1, 1]);
    expect(model.inertia).toBe(0);
  });
});
