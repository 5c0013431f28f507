import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fitKnn, queryKnn } from '../../../kernels/knn.js';
import type { Matrix } from '../../../kernels/matrix.js';
import { randomStream } from '../../../kernels/random.js';
import { KernelThreads } from '../../../kernels/threads/kernel-threads.js';
import {
  fitKnnOnThreads,
  nearestOfAllOnThreads,
  queryKnnHere,
  queryKnnOnThreads,
} from '../../../kernels/threads/knn-on-threads.js';
import { nearestRowsContract } from '../../contract/knn-contract.js';
import { coarseTables, fineTables, float32Matrix, groupedMatrix } from './tables.js';

/** Columns of very different sizes, columns that are the same everywhere, and rows that are far from the others or next to one. */
const unevenTables = fc
  .record({
    rows: fc.integer({ min: 2, max: 60 }),
    scales: fc.array(fc.constantFrom(0, 1e-30, 1e-6, 1, 1, 1, 1e20, 1e35), { minLength: 1, maxLength: 40 }),
    seed: fc.nat(),
    changes: fc.array(fc.tuple(fc.nat(), fc.constantFrom(1 + 2 ** -20, 1.0001, 1000, -1, 0))),
  })
  .map(({ rows, scales, seed, changes }) => {
    const random = randomStream(seed);
    const table = Array.from({ length: rows }, () => scales.map((scale) => (random.uniform() - 0.3) * scale));
    for (const [n, factor] of changes) {
      const row = table[n % rows] ?? [];
      table.push(row.map((x, c) => (c === n % row.length ? x * factor : x)));
    }
    return table;
  });

/** Many rows of few columns: tiles whose boxes are apart. */
const longTables = fc
  .record({
    rows: fc.integer({ min: 130, max: 900 }),
    columns: fc.integer({ min: 1, max: 9 }),
    step: fc.constantFrom(0, 0.25, 2 ** -18),
    far: fc.constantFrom(0, 30, 1e9),
    seed: fc.nat(),
  })
  .map(({ rows, columns, step, far, seed }) => {
    const random = randomStream(seed);
    return Array.from({ length: rows }, (_, i) =>
      Array.from({ length: columns }, () => {
        const x = random.uniform() + random.uniform() + (i % 3 === 0 ? far : 0);
        return step === 0 ? x : Math.round(x / step) * step;
      }),
    );
  });

const ownRows = (matrix: Matrix): Int32Array => Int32Array.from({ length: matrix.rows }, (_, i) => i);

describe.each([1, 2, 3])('exact neighbours on %i threads', { timeout: 120_000 }, (size) => {
  const threads = new KernelThreads({ threads: size });
  afterAll(() => threads.close());

  const areNearest = async (matrix: Matrix, k: number): Promise<void> => {
    const expected = queryKnn(fitKnn(matrix), matrix, k, { exclude: ownRows(matrix) });
    expect(await nearestOfAllOnThreads(threads, matrix, k)).toEqual(expected);
  };

  const areFound = async (matrix: Matrix, points: Matrix, k: number, exclude?: Int32Array): Promise<void> => {
    const index = await fitKnnOnThreads(threads, matrix);
    const expected = queryKnn(fitKnn(matrix), points, k, { exclude });
    const options = exclude === undefined ? {} : { exclude };
    const byThreads = queryKnnOnThreads(threads, index, points, k, options);
    // Meanwhile, too.
    expect(queryKnnHere(index, points, k, options)).toEqual(expected);
    expect(await byThreads).toEqual(expected);
    expect(queryKnnHere(index, points, k, options)).toEqual(expected);
  };

  nearestRowsContract(
    {
      async query(matrix, points, k, exclude) {
        const index = await fitKnnOnThreads(threads, matrix);
        return queryKnnOnThreads(threads, index, points, k, exclude === undefined ? {} : { exclude });
      },
      ofAll: async (matrix, k) => nearestOfAllOnThreads(threads, matrix, k),
    },
    40,
  );

  it('are those of the reference for all rows, bit for bit, whatever the rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(coarseTables, fineTables, unevenTables, longTables), fc.nat(), async (table, n) => {
        fc.pre(table.length > 1);
        await areNearest(float32Matrix(table), 1 + (n % Math.min(table.length - 1, 20)));
      }),
      { numRuns: 150 },
    );
  });

  it('are those of the reference for other rows, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(coarseTables, fineTables, unevenTables, longTables),
        fc.nat(),
        fc.constantFrom(1, 1, 1 + 2 ** -20, -3, 1e6),
        async (table, n, factor) => {
          const matrix = float32Matrix(table);
          const some = table.filter((_, row) => row % 3 !== 1 && row < 200);
          const points = float32Matrix(some.map((row, i) => (i % 2 === 0 ? row : row.map((x) => (x % 1e30) * factor))));
          const exclude = Int32Array.from(some, (_, i) => ((i + n) % 3 === 0 ? -1 : i));
          const k = 1 + (n % Math.min(table.length, 20));
          await areFound(matrix, points, k, k < matrix.rows ? exclude : undefined);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are there for as many neighbours as there are rows', async () => {
    const matrix = groupedMatrix(150, 5, 4, 8);
    await areNearest(matrix, 149);
    await areNearest(float32Matrix([[1], [1]]), 1);
    await areFound(matrix, groupedMatrix(70, 5, 3, 9, 2), 150);
    await areFound(float32Matrix([[3, 4]]), float32Matrix([[0, 0]]), 1);
  });

  it('are there for rows that are all equal, or lie on a line', async () => {
    await areNearest(float32Matrix(Array.from({ length: 300 }, () => [0.1, 0.7, 0])), 7);
    await areNearest(float32Matrix(Array.from({ length: 700 }, (_, i) => [i % 350, 5])), 4);
  });

  it('are there for many columns, which are not turned', async () => {
    await areNearest(groupedMatrix(200, 131, 3, 5), 6);
    await areFound(groupedMatrix(200, 131, 3, 5), groupedMatrix(9, 131, 3, 5, 4), 6);
  });

  it('are there for more rows than a share of the work, and more queries than are answered at once', async () => {
    await areNearest(groupedMatrix(4000, 24, 20, 9), 10);
    await areFound(groupedMatrix(3000, 12, 30, 4), groupedMatrix(1500, 12, 30, 4, 5), 10);
  });

  it('are not looked for where values are not finite, or `k` is not there', async () => {
    const matrix = groupedMatrix(3000, 3, 2, 1);
    matrix.values[2999 * 3 + 1] = Number.NaN;
    const message = 'Expected finite values in matrix, got NaN at row 2999, column 1';
    await expect(nearestOfAllOnThreads(threads, matrix, 3)).rejects.toThrow(new RangeError(message));
    await expect(fitKnnOnThreads(threads, matrix)).rejects.toThrow(new RangeError(message));
    await expect(nearestOfAllOnThreads(threads, float32Matrix([[1], [2]]), 2)).rejects.toThrow(
      new RangeError('Expected `k` to be 1..rows - 1 (1), got 2'),
    );
    const index = await fitKnnOnThreads(threads, float32Matrix([[1], [2]]));
    const point = float32Matrix([[1]]);
    await expect(queryKnnOnThreads(threads, index, point, 3)).rejects.toThrow(
      'Expected `k` to be 1..rows of the index (2), got 3',
    );
    expect(() => queryKnnHere(index, point, 3)).toThrow('Expected `k` to be 1..rows of the index (2), got 3');
    await expect(queryKnnOnThreads(threads, index, point, 2, { exclude: Int32Array.of(0) })).rejects.toThrow(
      'Expected `k` to be at most the rows left for query 0 (1), got 2',
    );
    await expect(queryKnnOnThreads(threads, index, float32Matrix([[1, 2]]), 1)).rejects.toThrow(
      'Expected points of 1 columns, as the index has, got 2',
    );
    await expect(queryKnnOnThreads(threads, index, float32Matrix([[Infinity]]), 1)).rejects.toThrow(
      'Expected finite values in points, got Infinity at row 0, column 0',
    );
  });

  it('tell how far they have come, and stop when they are told to', async () => {
    const matrix = groupedMatrix(60_000, 20, 1, 20);
    const abort = new AbortController();
    const running = nearestOfAllOnThreads(threads, matrix, 10, {
      signal: abort.signal,
      onProgress: (progress) => {
        expect(progress).toMatchObject({ phase: 'neighbours', of: 60_000 });
        abort.abort(new Error('enough'));
      },
    });
    await expect(running).rejects.toThrow('enough');
    await areNearest(groupedMatrix(100, 3, 2, 1), 3);
  });
});
