import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairDistances, shareAsFar, shareFarther } from '../../../kernels/pair-distances.js';
import { randomStream } from '../../../kernels/random.js';
import { float32Matrix, groupedMatrix } from './tables.js';

describe('pairDistances', () => {
  it('has every pair where there are few, ascending', () => {
    const line = float32Matrix([[0], [1], [3], [3]]);
    expect([...pairDistances(line, 6, randomStream(1))]).toEqual([0, 1, 2, 2, 3, 3]);
    expect([...pairDistances(float32Matrix([[7]]), 6, randomStream(1))]).toEqual([]);
  });

  it('draws pairs of different rows where there are many: as spread as all pairs are', () => {
    const matrix = groupedMatrix(300, 4, 5, 2);
    const all = pairDistances(matrix, 1e6, randomStream(1));
    const some = pairDistances(matrix, 20_000, randomStream(1));
    expect(some).toHaveLength(20_000);
    for (const share of [0.1, 0.5, 0.9]) {
      const quantile = some[Math.floor(share * some.length)] ?? Number.NaN;
      expect(Math.abs(1 - shareAsFar(all, quantile) - share)).toBeLessThan(0.02);
    }
    // No pair of a row with itself: the rows differ.
    expect(some[0]).toBeGreaterThan(0);
    expect(pairDistances(matrix, 20_000, randomStream(1))).toEqual(some);
  });
});

describe('shareAsFar', () => {
  it('counts the distances that are not smaller', () => {
    const distances = Float64Array.of(0, 1, 1, 2);
    expect([0, 0.5, 1, 1.5, 2, 3].map((distance) => shareAsFar(distances, distance))).toEqual([
      1, 0.75, 0.75, 0.25, 0.25, 0,
    ]);
    expect(shareAsFar(new Float64Array(), 5)).toBe(1);
  });
});

describe('shareFarther', () => {
  it('counts the distances that are larger', () => {
    const distances = Float64Array.of(0, 1, 1, 2);
    expect([-1, 0, 0.5, 1, 2].map((distance) => shareFarther(distances, distance))).toEqual([1, 0.75, 0.75, 0.25, 0]);
  });

  it('agrees with counting, as the other does', () => {
    const distances = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(distances, fc.integer({ min: -1, max: 10 }), (values, distance) => {
        const ascending = Float64Array.from(values).toSorted();
        const share = (isFar: (value: number) => boolean): number => values.filter(isFar).length / values.length;
        expect(shareAsFar(ascending, distance)).toBe(share((value) => value >= distance));
        expect(shareFarther(ascending, distance)).toBe(share((value) => value > distance));
      }),
    );
  });
});
