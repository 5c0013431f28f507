import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kthSmallest } from '../../../kernels/kth-smallest.js';

describe('kthSmallest', () => {
  it('is what sorting gives, and puts the smaller ones before it', () => {
    const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.float({ noNaN: true })), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.nat(), (given, at) => {
        const k = (at % given.length) + 1;
        const sorted = Float32Array.from(given).toSorted();
        const reordered = Float32Array.from(given);
        expect(kthSmallest(reordered, k)).toBe(sorted[k - 1]);
        expect(reordered.slice(0, k).toSorted()).toEqual(sorted.slice(0, k));
      }),
    );
  });
});
