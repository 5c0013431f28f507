import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { seedNeighbours } from '../../../kernels/seed-neighbours.js';
import type { SeedSearch } from '../../../kernels/seed-neighbours.js';
import { KernelThreads } from '../../../kernels/threads/kernel-threads.js';
import { countSeedsOnThreads, meanOfSeedsOnThreads } from '../../../kernels/threads/seeds-on-threads.js';
import { coarseTables, fineTables, float32Matrix, float64Matrix, groupedMatrix } from './tables.js';

/** Every third row is a seed, and every other of the rest stands for everyone else. */
function searchIn(points: SeedSearch['points'], ks: readonly number[], weights: readonly number[] = []): SeedSearch {
  const rows = Int32Array.from({ length: points.rows }, (_, row) => row);
  return {
    points,
    multipliers: Float64Array.from({ length: points.columns }, (_, c) => weights[c] ?? 1),
    rows,
    seeds: rows.filter((row) => row % 3 === 0),
    background: rows.filter((row) => row % 3 === 1),
    ks,
  };
}

describe.each([1, 2, 3])('seeds near rows, on %i threads', { timeout: 120_000 }, (size) => {
  const threads = new KernelThreads({ threads: size });
  afterAll(() => threads.close());

  const isAsTheReference = async (search: SeedSearch): Promise<void> => {
    const { counts, nearestSeed } = seedNeighbours(search);
    expect(await countSeedsOnThreads(threads, search)).toEqual({ counts, nearestSeed });
    const alone = seedNeighbours({ ...search, background: new Int32Array(), ks: [] });
    const { nearestSeed: nearest, meanDistance } = alone;
    expect(await meanOfSeedsOnThreads(threads, search)).toEqual({ nearestSeed: nearest, meanDistance });
  };

  it('are those of the reference, bit for bit, whatever the rows and the weights', async () => {
    const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(coarseTables, fineTables), weights, async (table, weights) => {
        fc.pre(table.length > 3);
        const compared = table.filter((_, row) => row % 3 < 2).length;
        const ks = [1, 2, 5, 11].filter((k) => k < compared);
        const some = weights.every((weight) => weight === 0) ? [] : weights;
        await isAsTheReference(searchIn(float32Matrix(table), ks, [0.5, ...some]));
      }),
      { numRuns: 100 },
    );
  });

  it('are those where most distances are settled without measuring exactly, and where many are ties', async () => {
    const grouped = groupedMatrix(1201, 23, 4, 5);
    await isAsTheReference(searchIn(grouped, [1, 10, 20, 50, 100, 200], [1, 0.3, 0.02, 0.001]));
    const coarse = { ...grouped, values: grouped.values.map((x) => Math.round(x / 3)) };
    await isAsTheReference(searchIn(coarse, [10, 20, 50, 100]));
    await isAsTheReference(searchIn({ ...grouped, values: grouped.values.map(() => 7) }, [1, 400]));
  });

  it('are those where values are uneven, far from 0, or too small for squares in float32', async () => {
    const { values, ...shape } = groupedMatrix(301, 6, 3, 3);
    for (const change of [
      (x: number, at: number) => (at % 97 === 0 ? x * 1e15 : x),
      (x: number) => x + 1e6,
      (x: number, at: number) => (at % 97 === 0 ? x * 1e17 : at % 3 === 0 ? x * 1e-30 : x),
      (x: number) => x * 1e-30,
      (x: number) => x * 1e-40,
    ]) {
      await isAsTheReference(searchIn({ ...shape, values: values.map(change) }, [1, 7, 50]));
    }
  });

  it('are those of float64 values, of rows in any order, and of a seed that is the only one', async () => {
    const table = Array.from({ length: 90 }, (_, i) => [Math.sin(i), Math.cos(3 * i), (i * 7) % 11]);
    const search = searchIn(float64Matrix(table), [3, 9]);
    await isAsTheReference({ ...search, rows: search.rows.toReversed() });
    await isAsTheReference({ ...search, seeds: Int32Array.of(4), background: Int32Array.of(5, 80), ks: [1, 2] });
    expect(await countSeedsOnThreads(threads, { ...search, rows: new Int32Array() })).toEqual({
      counts: new Float64Array(),
      nearestSeed: new Float64Array(),
    });
  });

  it('refuses what the reference refuses', async () => {
    const search = searchIn(float32Matrix([[0], [1], [2], [3]]), [2]);
    for (const wrong of [
      { ...search, ks: [9] },
      { ...search, ks: [2, 1] },
      { ...search, seeds: new Int32Array() },
      { ...search, rows: Int32Array.of(4) },
      { ...search, multipliers: Float64Array.of(0) },
      { ...search, multipliers: Float64Array.of(Infinity) },
      { ...search, points: float32Matrix([[0], [1], [Number.NaN], [3]]) },
      { ...search, points: float32Matrix([[0], [1], [Infinity], [3]]) },
      { ...search, points: float32Matrix([[0], [1], [1e19], [3]]) },
    ]) {
      expect(() => seedNeighbours(wrong)).toThrow(RangeError);
      await expect(countSeedsOnThreads(threads, wrong)).rejects.toThrow(RangeError);
    }
  });
});
