import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream, xoshiro128 } from '../../../kernels/random.js';
import { sampleRows } from '../../../kernels/sample-rows.js';

describe('xoshiro128', () => {
  it('gives the numbers of the published reference implementation', () => {
    const random = xoshiro128([1, 2, 3, 4]);
    const expected = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849];
    expect(expected.map(() => random.bits())).toEqual(expected);
  });

  it('makes a uniform number of the upper bits of two draws', () => {
    const first = Math.floor(11520 / 32);
    expect(xoshiro128([1, 2, 3, 4]).uniform()).toBe((first * 2 ** 26) / 2 ** 53);
  });
});

describe('randomStream', () => {
  it('is the same for the same seed and path', () => {
    const [random, again] = [randomStream(7, 1, 2), randomStream(7, 1, 2)];
    for (let i = 0; i < 20; i++) expect(random.bits()).toBe(again.bits());
  });

  it('differs in any part of the path, its order, its length and bits above the 32nd', () => {
    const paths = [[0], [1], [0, 0], [0, 1], [1, 0], [0, 1, 2], [0, 2, 1], [2 ** 32], [2 ** 32 + 1], [2 ** 52]];
    const firsts = paths.map(([seed = 0, ...path]) => randomStream(seed, ...path).uniform());
    expect(new Set(firsts).size).toBe(paths.length);
  });

  it('is uniform over [0, 1), within and across streams', () => {
    const within = randomStream(3);
    const draws = [
      Array.from({ length: 20_000 }, () => within.uniform()),
      Array.from({ length: 20_000 }, (_, restart) => randomStream(3, 5, restart).uniform()),
    ];
    for (const uniform of draws) {
      const counts = Array.from({ length: 10 }, () => 0);
      for (const x of uniform) counts[Math.floor(x * 10)] = (counts[Math.floor(x * 10)] ?? 0) + 1;
      const chiSquare = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
      expect(counts).toHaveLength(10);
      // The 0.999 quantile for nine degrees of freedom.
      expect(chiSquare).toBeLessThan(27.9);
    }
  });

  it('draws every integer below n, and none else', () => {
    const random = randomStream(11);
    const drawn = new Set(Array.from({ length: 500 }, () => random.integer(6)));
    expect(drawn).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    expect(random.integer(1)).toBe(0);
  });

  it('refuses a seed that is no integer of 0..2^53 - 1, and an empty range', () => {
    expect(() => randomStream(-1)).toThrow(new RangeError('Expected `seed` to be an integer of 0..2^53 - 1, got -1'));
    expect(() => randomStream(1, 0.5)).toThrow('Expected `path[0]` to be an integer of 0..2^53 - 1, got 0.5');
    expect(() => randomStream(1).integer(0)).toThrow(new RangeError('Expected `n` to be 1..2^32, got 0'));
  });
});

describe('sampleRows', () => {
  it('takes distinct rows in ascending order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 60 }), fc.nat(), (rows, size, seed) => {
        const taken = [...sampleRows(rows, size, randomStream(seed))];
        expect(taken).toHaveLength(Math.min(rows, size));
        expect(taken).toEqual([...new Set(taken)].toSorted((a, b) => a - b));
        expect(taken.every((i) => i >= 0 && i < rows)).toBe(true);
      }),
    );
  });

  it('takes every row equally often', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (let seed = 0; seed < 5000; seed++) {
      for (const i of sampleRows(10, 3, randomStream(seed))) counts[i] = (counts[i] ?? 0) + 1;
    }
    // 1500 expected of each, with a standard deviation of about 32.
    for (const count of counts) expect(Math.abs(count - 1500)).toBeLessThan(150);
  });
});
