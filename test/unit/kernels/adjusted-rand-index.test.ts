import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedRandIndex } from '../../../kernels/adjusted-rand-index.js';
import { statisticsFigures } from './statistics-figures.js';

const labelings = fc
  .integer({ min: 1, max: 30 })
  .chain((rows) => {
    const labels = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: rows, maxLength: rows });
    return fc.tuple(labels, labels);
  })
  .map(([a, b]) => [Int32Array.from(a), Int32Array.from(b)] as const);

/** By looking at every pair of rows: how far the pairs together in both are above chance, of how far they could be. */
function byPairs(a: Int32Array, b: Int32Array): number {
  const counts = { all: 0, both: 0, a: 0, b: 0 };
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      counts.all++;
      if (a[i] === a[j]) counts.a++;
      if (b[i] === b[j]) counts.b++;
      if (a[i] === a[j] && b[i] === b[j]) counts.both++;
    }
  }
  if (counts.both === counts.a && counts.both === counts.b) return 1;
  // Both above and below the line times the number of pairs, twice the first: whole numbers.
  const chance = counts.a * counts.b;
  return (2 * (counts.both * counts.all - chance)) / ((counts.a + counts.b) * counts.all - 2 * chance);
}

describe('adjustedRandIndex', () => {
  it('is what counting pairs gives, to the bit', () => {
    fc.assert(
      fc.property(labelings, ([a, b]) => {
        expect(adjustedRandIndex(a, b)).toBe(byPairs(a, b));
      }),
      { numRuns: 500 },
    );
  });

  it('is 1 for the same clusters under other numbers, and never more', () => {
    fc.assert(
      fc.property(labelings, ([a, b]) => {
        expect(
          adjustedRandIndex(
            a,
            a.map((label) => (label * 7 + 3) % 11),
          ),
        ).toBe(1);
        expect(adjustedRandIndex(a, b)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('does not mind which labeling comes first', () => {
    fc.assert(
      fc.property(labelings, ([a, b]) => {
        expect(adjustedRandIndex(a, b)).toBe(adjustedRandIndex(b, a));
      }),
    );
  });

  it('is 1 for one cluster each, and for each row in its own, and 0 for one beside the other', () => {
    const one = Int32Array.of(4, 4, 4);
    const own = Int32Array.of(0, 1, 2);
    expect(adjustedRandIndex(one, Int32Array.of(0, 0, 0))).toBe(1);
    expect(adjustedRandIndex(own, Int32Array.of(9, 5, 1))).toBe(1);
    expect(adjustedRandIndex(one, own)).toBe(0);
    expect(adjustedRandIndex(Int32Array.of(0), Int32Array.of(1))).toBe(1);
  });

  it('is about 0 for labels that have nothing to do with each other', () => {
    const rows = 40_000;
    const a = Int32Array.from({ length: rows }, (_, i) => i % 7);
    const b = Int32Array.from({ length: rows }, (_, i) => Math.floor(i / 7) % 5);
    expect(Math.abs(adjustedRandIndex(a, b))).toBeLessThan(1e-3);
  });

  it('agrees with scikit-learn', () => {
    for (const { a, b, index } of statisticsFigures().rand) {
      expect(adjustedRandIndex(Int32Array.from(a), Int32Array.from(b))).toBeCloseTo(index, 14);
    }
  });

  it('refuses what is not a label of 0 or above for each row of both', () => {
    expect(() => adjustedRandIndex(new Int32Array(), new Int32Array())).toThrow(
      new RangeError('Expected labels of at least 1 row, got none'),
    );
    expect(() => adjustedRandIndex(Int32Array.of(1, 2), Int32Array.of(1))).toThrow(
      new RangeError('Expected 2 labels, one a row, got 1'),
    );
    expect(() => adjustedRandIndex(Int32Array.of(1, 2), Int32Array.of(1, -1))).toThrow(
      new RangeError('Expected labels of 0 or above, got -1 at row 1'),
    );
  });
});
