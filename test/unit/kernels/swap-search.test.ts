import { array, assert, integer, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitKMeans } from '../../../kernels/kmeans.js';
import { lloyd } from '../../../kernels/lloyd.js';
import { randomStream } from '../../../kernels/random.js';
import { searchBySwaps } from '../../../kernels/swap-search.js';

const line = (...values: number[]) => ({ rows: values.length, columns: 1, values: Float64Array.from(values) });

describe('searchBySwaps', () => {
  it('leaves a local optimum that Lloyd cannot: two centroids in one group, one for two groups', () => {
    const points = line(0, 1, 100, 101, 200, 201);
    const options = { maxIterations: 100, shiftTolerance: 0 };
    const stuck = lloyd(points, line(0, 1, 150), options);
    expect(stuck.inertia).toBe(10_001);

    const refine = (initial: Parameters<typeof lloyd>[1]) => lloyd(points, initial, options);
    const found = searchBySwaps(points, stuck, { patience: 3, random: randomStream(1), refine });

    expect(found.inertia).toBe(1.5);
    expect([...found.centroids.values].toSorted((a, b) => a - b)).toEqual([0.5, 100.5, 200.5]);
  });

  it('ends at once where every point is on a centroid', () => {
    const points = line(1, 2, 3);
    const exact = lloyd(points, points, { maxIterations: 10, shiftTolerance: 0 });
    const refine = () => {
      throw new Error('there is nothing to refine');
    };
    expect(searchBySwaps(points, exact, { patience: 5, random: randomStream(1), refine })).toBe(exact);
  });

  it('never raises the inertia, and gives the same bits for the same seed', () => {
    const table = array(array(integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 2 }), {
      minLength: 3,
      maxLength: 40,
    });
    assert(
      property(table, integer({ min: 1, max: 3 }), nat(1000), (rows, k, seed) => {
        const matrix = { rows: rows.length, columns: 2, values: Float64Array.from(rows.flat()) };
        const plain = fitKMeans(matrix, { k, seed, restarts: 1 });
        const searched = fitKMeans(matrix, { k, seed, restarts: 1, swapPatience: 4 });
        expect(searched.inertia).toBeLessThanOrEqual(plain.inertia * (1 + 1e-12));
        expect(fitKMeans(matrix, { k, seed, restarts: 1, swapPatience: 4 })).toEqual(searched);
      }),
    );
  });
});
