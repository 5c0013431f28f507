import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fitKMeans } from '../../../kernels/kmeans.js';
import type { Matrix } from '../../../kernels/matrix.js';
import { fitAllKMeansOnThreads, fitKMeansOnThreads } from '../../../kernels/threads/kmeans-on-threads.js';
import { KernelThreads } from '../../../kernels/threads/kernel-threads.js';
import { kMeansContract } from '../../contract/kmeans-contract.js';
import { coarseTables, fineTables, float32Matrix, float64Matrix, groupedMatrix } from './tables.js';

/** Rows that float32 alone, or 16 bits, would take for the same, beside rows that are far from them. */
const unevenTables = fc
  .tuple(
    fineTables,
    fc.constantFrom(1e-30, 1e-6, 1, 1e20, 1e35),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(1 + 2 ** -20, 1.0001, 1000, -1))),
  )
  .map(([table, scale, changes]) => {
    const rows = table.map((row) => row.map((x) => x * 1e-3 * scale));
    for (const [n, factor] of changes) {
      const row = rows[n % rows.length] ?? [];
      rows.push(row.map((x, c) => (c === n % row.length ? Math.max(-3e38, Math.min(3e38, x * factor)) : x)));
    }
    return rows;
  });

const settings = fc.record({
  restarts: fc.integer({ min: 1, max: 3 }),
  swapPatience: fc.constantFrom(0, 0, 1, 4),
  tolerance: fc.constantFrom(0, 1e-4, 0.1),
  maxIterations: fc.constantFrom(1, 2, 300),
  seed: fc.nat(),
});

function thrownBy(call: () => unknown): Error | undefined {
  try {
    call();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  return undefined;
}

describe.each([1, 2, 3])('k-means on %i threads', { timeout: 120_000 }, (size) => {
  const threads = new KernelThreads({ threads: size });
  afterAll(() => threads.close());

  const isTheModel = async (matrix: Matrix, options: Parameters<typeof fitKMeans>[1]): Promise<void> => {
    expect(await fitKMeansOnThreads(threads, matrix, options)).toEqual(fitKMeans(matrix, options));
  };

  kMeansContract(async (matrix, options) => fitKMeansOnThreads(threads, matrix, options), 40);

  it('has the model of the reference, bit for bit, whatever the rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(coarseTables, fineTables, unevenTables),
        fc.nat(),
        settings,
        async (table, n, options) => {
          await isTheModel(float32Matrix(table), { k: 1 + (n % table.length), ...options });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('has it for more rows than a block, and for more clusters than a register or a word has room for', async () => {
    for (const [rows, columns, groups, k] of [
      [3000, 24, 12, 10],
      [2049, 7, 30, 17],
      [2500, 3, 200, 100],
      [5000, 5, 40, 65],
    ] as const) {
      await isTheModel(groupedMatrix(rows, columns, groups, 6), { k, seed: 3, restarts: 2 });
    }
  });

  it('has it where whole units say little: a cloud that is some units wide, beside a row that is far away', async () => {
    for (const width of [0.5, 5, 20]) {
      const { rows, columns, values } = groupedMatrix(2500, 12, 1, width);
      values[12 * 700 + 3] = 1e4;
      await isTheModel({ rows, columns, values }, { k: 8, seed: 2, restarts: 2, tolerance: 0 });
    }
  });

  it('has it where float32 says little: rows that are all but as near to one centroid as to another', async () => {
    // Of each row the columns add up to next to nothing: the centroids (1, …, 1) and (-1, …, -1) are hardly told apart.
    const columns = 300;
    const { values } = groupedMatrix(500, columns, 1, 2);
    const between = Array.from({ length: 500 }, (_, i) => {
      const row = Array.from(values.subarray(i * columns, (i + 1) * columns - 1), (x) => Math.fround(2 * (x % 1) - 1));
      return [...row, -row.reduce((sum, x) => sum + x, 0) + i * 1e-8];
    });
    const ends = [1, -1].flatMap((end) =>
      Array.from({ length: 700 }, () => Array.from({ length: columns }, () => end)),
    );
    await isTheModel(float32Matrix([...between, ...ends]), { k: 2, seed: 5, restarts: 3, tolerance: 0 });
  });

  it('has it after a search by swaps, over all rows and over a sample of them', async () => {
    await isTheModel(groupedMatrix(3000, 24, 12, 10), { k: 10, seed: 3, restarts: 1, swapPatience: 5 });
    await isTheModel(groupedMatrix(17_500, 3, 9, 6), { k: 7, seed: 5, restarts: 1, swapPatience: 3 });
  });

  it('has it for rows that are as long in whole numbers as there is room for', async () => {
    const columns = 32_768;
    const rows = Array.from({ length: 8 }, (_, i) =>
      Array.from({ length: columns }, (_, c) =>
        i === 0 ? 1 : Math.fround((0.2 + 0.08 * i) * (1 - (2 * ((c >> i) & 1) * i) / 10)),
      ),
    );
    for (const k of [3, 5, 6]) {
      await isTheModel(float32Matrix(rows), { k, seed: 1, tolerance: 0, initial: float64Matrix(rows.slice(1, k + 1)) });
    }
  });

  it('takes given centroids of more columns than a call takes arguments', async () => {
    const columns = 600_000;
    const matrix = { rows: 2, columns, values: Float32Array.from({ length: 2 * columns }, (_, i) => i % 7) };
    await isTheModel(matrix, { k: 2, seed: 1, initial: { ...matrix, values: Float64Array.from(matrix.values) } });
  });

  it('has the model of each k where several are fitted on one copy', async () => {
    const matrix = groupedMatrix(2500, 7, 9, 6);
    const options = { seed: 4, restarts: 2, swapPatience: 2 };
    for (const ks of [[9, 17, 2, 5, 1], [12, 3], [6]]) {
      const models = await fitAllKMeansOnThreads(threads, matrix, ks, options);
      expect(models).toEqual(ks.map((k) => fitKMeans(matrix, { ...options, k })));
    }
  });

  it('has it where bounds are brought up to date on the way', async () => {
    // Two clouds whose centroids have a long way to go, back and forth.
    const cloud = groupedMatrix(4000, 2, 3, 30);
    await isTheModel(cloud, { k: 40, seed: 8, restarts: 3, tolerance: 0 });
  });

  it('has it from given centroids: rows, points between and beyond them, and some that get no row', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(coarseTables, fineTables, unevenTables),
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1 }),
        settings,
        async (table, places, options) => {
          const from = places.slice(0, table.length).map(([a, b, between]) => {
            const [first, second] = [table[a % table.length] ?? [], table[b % table.length] ?? []];
            // Of the largest values, so that some lie beyond all rows.
            if (between > 0.9) return first.map((_, c) => Math.max(...table.map((row) => Math.abs(row[c] ?? 0))));
            return first.map((x, c) => Math.fround(x) * between + Math.fround(second[c] ?? 0) * (1 - between));
          });
          const initial = float64Matrix(from.map((row) => row.map(Math.fround)));
          await isTheModel(float32Matrix(table), { ...options, k: initial.rows, restarts: 1, initial });
        },
      ),
      { numRuns: 100 },
    );
    const initial = groupedMatrix(12, 24, 12, 6, 2);
    await isTheModel(groupedMatrix(3000, 24, 12, 6), { k: 12, seed: 3, initial });
  });

  it('refuses centroids of another shape or far beyond the rows, in the words of the reference', async () => {
    const matrix = groupedMatrix(100, 3, 2, 1);
    for (const initial of [
      float64Matrix([[1, 2, 3]]),
      float64Matrix([
        [1, 2],
        [3, 4],
      ]),
      float64Matrix([
        [1, 2, 3],
        [1, 1e4, 3],
      ]),
      float64Matrix([
        [1, 2, 3],
        [1, Number.NaN, 3],
      ]),
    ]) {
      const options = { k: 2, seed: 1, initial };
      const refusal = thrownBy(() => fitKMeans(matrix, options));
      expect(refusal).toBeInstanceOf(RangeError);
      await expect(fitKMeansOnThreads(threads, matrix, options)).rejects.toThrow(refusal);
    }
    await isTheModel(matrix, { k: 2, seed: 1 });
  });

  it('has one cluster for identical rows, and all rows for k = rows', async () => {
    await isTheModel(float32Matrix(Array.from({ length: 2000 }, () => [0.1, 0.7])), { k: 4, seed: 0 });
    await isTheModel(groupedMatrix(50, 3, 50, 1), { k: 50, seed: 0 });
    await isTheModel(float32Matrix([[7, 8]]), { k: 1, seed: 0 });
    await isTheModel(float32Matrix([[0], [0], [0]]), { k: 2, seed: 0 });
  });

  it('refuses what is not finite, and names it', async () => {
    const values = groupedMatrix(3000, 3, 2, 1).values;
    values[2 * 3 + 1] = Number.NaN;
    await expect(fitKMeansOnThreads(threads, { rows: 3000, columns: 3, values }, { k: 2, seed: 1 })).rejects.toThrow(
      new RangeError('Expected finite values in matrix, got NaN at row 2, column 1'),
    );
    values[2 * 3 + 1] = 0;
    values[2999 * 3] = -Infinity;
    await expect(fitKMeansOnThreads(threads, { rows: 3000, columns: 3, values }, { k: 2, seed: 1 })).rejects.toThrow(
      'got -Infinity at row 2999, column 0',
    );
    // And goes on after it.
    await isTheModel(groupedMatrix(100, 3, 2, 1), { k: 2, seed: 1 });
  });

  it('stops when it is told to', async () => {
    const endless = groupedMatrix(20_000, 20, 40, 20);
    const abort = new AbortController();
    const running = fitKMeansOnThreads(
      threads,
      endless,
      { k: 100, seed: 1, restarts: 100_000, tolerance: 0 },
      { signal: abort.signal, onProgress: () => abort.abort(new Error('enough')) },
    );
    await expect(running).rejects.toThrow('enough');
    await isTheModel(groupedMatrix(100, 3, 2, 1), { k: 2, seed: 1 });
  });
});
