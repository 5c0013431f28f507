import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seedNeighbours } from '../../../kernels/seed-neighbours.js';
import type { SeedSearch } from '../../../kernels/seed-neighbours.js';
import { float32Matrix, naiveSquaredDistance } from './tables.js';

const line = (...places: readonly number[]): Pick<SeedSearch, 'points' | 'multipliers'> => ({
  points: float32Matrix(places.map((place) => [place])),
  multipliers: Float64Array.of(1),
});

describe('seedNeighbours', () => {
  it('counts the seeds among the nearest, and says how far they are', () => {
    // A candidate at 0; seeds at 1 and 5, others at 2 and 3.
    const found = seedNeighbours({
      ...line(0, 1, 5, 2, 3),
      rows: Int32Array.of(0),
      seeds: Int32Array.of(1, 2),
      background: Int32Array.of(3, 4),
      ks: [1, 2, 3],
    });
    expect([...found.counts]).toEqual([1, 1, 1]);
    expect([...found.nearestSeed]).toEqual([1]);
    expect([...found.meanDistance]).toEqual([3]);
  });

  it('gives seeds their share of those that are equally far as the k-th', () => {
    // At distance 1 lie a seed and three others; one place is left for the four of them after the one at 0.5.
    const found = seedNeighbours({
      ...line(0, 1, 1, -1, -1, 0.5),
      rows: Int32Array.of(0),
      seeds: Int32Array.of(2),
      background: Int32Array.of(1, 3, 4, 5),
      ks: [1, 2, 3],
    });
    expect([...found.counts]).toEqual([0, 1 / 4, 2 / 4]);
  });

  it('does not compare a row with itself, but with its duplicates', () => {
    const found = seedNeighbours({
      ...line(0, 0, 4, 9),
      rows: Int32Array.of(0, 1),
      seeds: Int32Array.of(1, 3),
      background: Int32Array.of(0, 2),
      ks: [1],
    });
    // The first finds its twin, a seed. The second, that seed, finds the first, which is none; 9 is its nearest seed.
    expect([...found.counts]).toEqual([1, 0]);
    expect([...found.nearestSeed]).toEqual([0, 9]);
    expect([...found.meanDistance]).toEqual([4.5, 9]);
  });

  it('measures columns by their multipliers, and leaves those out that hardly count', () => {
    const points = float32Matrix([
      [0, 0, 0],
      [3, 1, 100],
      [1, 3, 100],
    ]);
    const search = { points, rows: Int32Array.of(0), seeds: Int32Array.of(1), background: Int32Array.of(2), ks: [1] };
    const found = seedNeighbours({ ...search, multipliers: Float64Array.of(1, 2, 0.001) });
    expect([...found.counts]).toEqual([1]);
    expect(found.nearestSeed[0]).toBeCloseTo(Math.sqrt(9 + 4), 6);
  });

  it('agrees with comparing everyone with everyone', () => {
    const tables = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 4, max: 12 })).chain(([columns, rows]) =>
      fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: columns, maxLength: columns }), {
        minLength: rows,
        maxLength: rows,
      }),
    );
    fc.assert(
      fc.property(
        tables,
        fc.integer({ min: 1, max: 3 }),
        fc.infiniteStream(fc.boolean()),
        (table, seedCount, flips) => {
          const rows = Int32Array.from(table.keys());
          const [seeds, background] = [
            rows.slice(0, seedCount),
            rows.slice(seedCount).filter(() => flips.next().value),
          ];
          const ks = [1, 2, 3].filter((k) => k < seeds.length + background.length);
          const multipliers = new Float64Array(table[0]?.length ?? 0).fill(1);
          const found = seedNeighbours({ points: float32Matrix(table), multipliers, rows, seeds, background, ks });
          for (const row of rows) {
            const to = (other: number): number => naiveSquaredDistance(table[row] ?? [], table[other] ?? []);
            const others = [...seeds, ...background].filter((other) => other !== row);
            for (const [i, k] of ks.entries()) {
              const kth = others.map(to).toSorted((a, b) => a - b)[k - 1] ?? Number.NaN;
              const nearer = others.filter((other) => to(other) < kth);
              const tied = others.filter((other) => to(other) === kth);
              const isSeed = (other: number): boolean => seeds.includes(other);
              const expected =
                nearer.filter(isSeed).length + ((k - nearer.length) * tied.filter(isSeed).length) / tied.length;
              expect(found.counts[row * ks.length + i]).toBe(expected);
            }
            const seedDistances = [...seeds].filter((other) => other !== row).map((other) => Math.sqrt(to(other)));
            expect(found.nearestSeed[row]).toBeCloseTo(Math.min(...seedDistances), 5);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('gives a row the same bits whichever rows it is asked with', () => {
    const table = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i), (i * 7) % 11]);
    const search = {
      points: float32Matrix(table),
      multipliers: Float64Array.of(1, 0.5, 0.25),
      seeds: Int32Array.of(1, 5, 9, 20),
      background: Int32Array.of(0, 2, 3, 4, 30, 31, 32),
      ks: [1, 3, 7],
    };
    const all = seedNeighbours({ ...search, rows: Int32Array.from(table.keys()) });
    for (const row of table.keys()) {
      const alone = seedNeighbours({ ...search, rows: Int32Array.of(row) });
      expect([...alone.counts]).toEqual([...all.counts.subarray(row * 3, row * 3 + 3)]);
      expect(alone.nearestSeed[0]).toBe(all.nearestSeed[row]);
      expect(alone.meanDistance[0]).toBe(all.meanDistance[row]);
    }
  });

  it('refuses more neighbours than there are to compare with, and no seeds', () => {
    const search = { ...line(0, 1, 2), rows: Int32Array.of(0), seeds: Int32Array.of(1), background: Int32Array.of(2) };
    expect(() => seedNeighbours({ ...search, ks: [2] })).toThrow('Expected `ks[0]` to be ascending, 1..1, got 2');
    expect(() => seedNeighbours({ ...search, seeds: new Int32Array(), ks: [1] })).toThrow('seeds.length');
  });
});
