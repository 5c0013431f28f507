import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Matrix } from '../../../kernels/matrix.js';
import { type MiniBatchKMeansOptions, fitMiniBatchKMeans } from '../../../kernels/mini-batch-kmeans.js';
import { sweepKMeans } from '../../../kernels/sweep-kmeans.js';
import { KernelThreads } from '../../../kernels/threads/kernel-threads.js';
import {
  fitAllMiniBatchOnThreads,
  fitMiniBatchKMeansOnThreads,
} from '../../../kernels/threads/mini-batch-on-threads.js';
import { sweepKMeansOnThreads } from '../../../kernels/threads/sweep-on-threads.js';
import { coarseTables, fineTables, float32Matrix, groupedMatrix } from './tables.js';

describe.each([1, 2, 3])('mini-batch k-means on %i threads', { timeout: 120_000 }, (size) => {
  const threads = new KernelThreads({ threads: size });
  afterAll(() => threads.close());

  const isTheModel = async (matrix: Matrix, options: MiniBatchKMeansOptions): Promise<void> => {
    expect(await fitMiniBatchKMeansOnThreads(threads, matrix, options)).toEqual(fitMiniBatchKMeans(matrix, options));
  };

  it('has the model of the reference, bit for bit, whatever the rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(coarseTables, fineTables),
        fc.constantFrom(1e-30, 1, 1e20),
        fc.nat(),
        fc.record({
          batchRows: fc.integer({ min: 1, max: 12 }),
          maxBatches: fc.integer({ min: 1, max: 40 }),
          patience: fc.integer({ min: 1, max: 12 }),
          restarts: fc.integer({ min: 1, max: 2 }),
          swapPatience: fc.constantFrom(0, 2),
          seed: fc.nat(),
        }),
        async (table, scale, n, options) => {
          const rows = table.map((row) => row.map((x) => x * scale));
          const k = 1 + (n % Math.min(table.length, 4 * options.batchRows));
          await isTheModel(float32Matrix(rows), { ...options, k });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('has it for batches of several blocks, and for more rows than there is room for at once', async () => {
    await isTheModel(groupedMatrix(30_000, 24, 12, 6), { k: 10, seed: 3, restarts: 2, batchRows: 2500 });
    await isTheModel(groupedMatrix(9000, 5, 30, 8), { k: 17, seed: 4, restarts: 1, batchRows: 1024, swapPatience: 2 });
    await isTheModel(groupedMatrix(5000, 3, 3, 8), { k: 3, seed: 4, restarts: 1 });
  });

  it('has it where a batch knows nothing of a row that is far away', async () => {
    const { rows, columns, values } = groupedMatrix(6000, 4, 2, 3);
    values[4 * 700 + 3] = 1e4;
    values[4 * 5999] = -1e7;
    for (const seed of [1, 2, 3]) {
      await isTheModel({ rows, columns, values }, { k: 6, seed, restarts: 2, batchRows: 300 });
    }
  });

  it('has the model of each k where several are fitted, and the sweep of the reference', async () => {
    const matrix = groupedMatrix(4000, 7, 5, 6);
    const options = { seed: 4, restarts: 2, batchRows: 200 };
    const models = await fitAllMiniBatchOnThreads(threads, matrix, [5, 2, 9], options);
    expect(models).toEqual([5, 2, 9].map((k) => fitMiniBatchKMeans(matrix, { ...options, k })));
    const sweep = { ks: [2, 3, 4, 5, 6, 7], seed: 4, restarts: 1, silhouetteSample: 300 };
    for (const batchAbove of [3999, 4000]) {
      const swept = await sweepKMeansOnThreads(threads, matrix, { ...sweep, batchAbove });
      expect(swept).toEqual(sweepKMeans(matrix, { ...sweep, batchAbove }));
      const ofAllRows = sweepKMeans(matrix, sweep);
      if (batchAbove === 4000) expect(swept).toEqual(ofAllRows);
      else expect(swept.byK).not.toEqual(ofAllRows.byK);
    }
  });

  it('has it for identical rows, for k = rows, for one row, and for nothing but zeros', async () => {
    await isTheModel(float32Matrix(Array.from({ length: 3000 }, () => [0.1, 0.7])), { k: 4, seed: 0, batchRows: 100 });
    await isTheModel(groupedMatrix(50, 3, 50, 1), { k: 50, seed: 0 });
    await isTheModel(groupedMatrix(50, 3, 50, 1), { k: 40, seed: 0, batchRows: 10 });
    await isTheModel(float32Matrix([[7, 8]]), { k: 1, seed: 0 });
    await isTheModel(float32Matrix([[0], [0], [0]]), { k: 2, seed: 0 });
    await isTheModel(float32Matrix([[1], [1], [5], [5], [5], [9]]), { k: 5, seed: 3 });
  });

  it('refuses what is not finite, what is empty, and options out of range', async () => {
    const { values, ...shape } = groupedMatrix(3000, 3, 2, 1);
    for (const [at, value, place] of [
      [2 * 3 + 1, Number.NaN, 'row 2, column 1'],
      [2999 * 3, -Infinity, 'row 2999, column 0'],
    ] as const) {
      const wrong = values.slice();
      wrong[at] = value;
      await expect(
        fitMiniBatchKMeansOnThreads(threads, { ...shape, values: wrong }, { k: 2, seed: 1, batchRows: 50 }),
      ).rejects.toThrow(new RangeError(`Expected finite values in matrix, got ${value} at ${place}`));
    }
    const refused = (matrix: Matrix, options: object) =>
      expect(fitMiniBatchKMeansOnThreads(threads, matrix, { k: 1, seed: 1, ...options })).rejects;
    await refused(float32Matrix([]), {}).toThrow(RangeError);
    await refused(float32Matrix([[]]), {}).toThrow(RangeError);
    await refused(float32Matrix([[1], [2]]), { k: 3 }).toThrow('Expected `k` to be 1..rows (2), got 3');
    await refused(float32Matrix([[1], [2]]), { batchRows: 0 }).toThrow('Expected `batchRows` to be 1..2^24, got 0');
    // And goes on after it.
    await isTheModel(groupedMatrix(100, 3, 2, 1), { k: 2, seed: 1 });
  });

  it('tells of its batches, and stops when it is told to', async () => {
    const abort = new AbortController();
    const running = fitMiniBatchKMeansOnThreads(
      threads,
      groupedMatrix(20_000, 20, 40, 20),
      { k: 20, seed: 1, restarts: 1, batchRows: 1000, maxBatches: 1e9, patience: 1e9 },
      {
        signal: abort.signal,
        onProgress: ({ phase }) => {
          if (phase === 'batches') abort.abort(new Error('enough'));
        },
      },
    );
    await expect(running).rejects.toThrow('enough');
  });
});
