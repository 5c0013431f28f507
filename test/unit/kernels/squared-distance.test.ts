import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { squaredDistance, squaredDistanceWithin } from '../../../kernels/squared-distance.js';
import { naiveSquaredDistance } from './tables.js';

const pairs = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })), { maxLength: 30 });

describe('squaredDistance', () => {
  it('adds up the squared differences between two places', () => {
    fc.assert(
      fc.property(pairs, (columns) => {
        const a = columns.map(([x]) => x);
        const b = columns.map(([, y]) => y);
        const squared = squaredDistance(Float64Array.of(9, ...a), 1, Float64Array.of(8, 7, ...b), 2, columns.length);
        expect(squared).toBe(naiveSquaredDistance(a, b));
      }),
    );
  });

  it('keeps the digits of small distances far from the origin', () => {
    expect(squaredDistance(Float64Array.of(1e8 + 1), 0, Float64Array.of(1e8), 0, 1)).toBe(1);
  });
});

describe('squaredDistanceWithin', () => {
  it('is exact up to the bound, and above the bound beyond', () => {
    fc.assert(
      fc.property(pairs, fc.nat({ max: 30 }), (columns, cut) => {
        const a = Float64Array.from(columns, ([x]) => x);
        const b = Float64Array.from(columns, ([, y]) => y);
        const whole = squaredDistance(a, 0, b, 0, columns.length);
        // What some of the columns add up to: a bound that a partial sum meets exactly.
        const bound = squaredDistance(a, 0, b, 0, Math.min(cut, columns.length));
        const within = squaredDistanceWithin(a, 0, b, 0, columns.length, bound);
        if (whole <= bound) expect(within).toBe(whole);
        else expect(within).toBeGreaterThan(bound);
      }),
      { numRuns: 500 },
    );
  });
});
