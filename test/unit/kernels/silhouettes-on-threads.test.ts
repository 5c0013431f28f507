import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fitKMeans } from '../../../kernels/kmeans.js';
import type { Matrix } from '../../../kernels/matrix.js';
import { silhouettes } from '../../../kernels/silhouette.js';
import { KernelThreads } from '../../../kernels/threads/kernel-threads.js';
import { silhouettesOnThreads } from '../../../kernels/threads/silhouettes-on-threads.js';
import { silhouettesContract } from '../../contract/silhouettes-contract.js';
import { coarseTables, fineTables, float32Matrix, groupedMatrix } from './tables.js';

describe.each([1, 2, 3])('silhouettes on %i threads', { timeout: 120_000 }, (size) => {
  const threads = new KernelThreads({ threads: size });
  afterAll(() => threads.close());

  const areTheScores = async (matrix: Matrix, labelings: Int32Array[]): Promise<void> => {
    expect(await silhouettesOnThreads(threads, matrix, labelings)).toEqual(silhouettes(matrix, labelings));
  };

  silhouettesContract(async (matrix, labelings) => silhouettesOnThreads(threads, matrix, labelings));

  it('has the scores of the reference, bit for bit, whatever the rows and the labels', async () => {
    const tables = fc.oneof(coarseTables, fineTables);
    const stream = fc.infiniteStream(fc.integer({ min: 0, max: 4 }));
    await fc.assert(
      fc.asyncProperty(tables, fc.nat({ max: 4 }), stream, async (table, count, stream) => {
        const labelings = Array.from({ length: count }, () =>
          Int32Array.from(table, () => Number(stream.next().value)),
        );
        await areTheScores(float32Matrix(table), labelings);
      }),
      { numRuns: 100 },
    );
  });

  it('has them for the clusterings of a sweep, from few cells to one a row', async () => {
    for (const [rows, columns, groups] of [
      [700, 24, 5],
      [701, 3, 1],
    ] as const) {
      const matrix = groupedMatrix(rows, columns, groups, 4);
      const labelings = [2, 3, 4, 5, 6, 7, 8, 9, 10].map((k) => fitKMeans(matrix, { k, seed: 1, restarts: 1 }).labels);
      await areTheScores(matrix, labelings);
      await areTheScores(matrix, [...labelings, Int32Array.from({ length: rows }, (_, i) => (i * 7) % rows)]);
    }
  });

  it('has them where distances are uneven', async () => {
    const { values, ...shape } = groupedMatrix(300, 5, 4, 3);
    const uneven = {
      ...shape,
      values: values.map((x, at) => (at % 97 === 0 ? x * 1e30 : at % 3 === 0 ? x * 1e-30 : x)),
    };
    const labels = Int32Array.from({ length: 300 }, (_, i) => i % 3);
    await areTheScores(uneven, [labels, labels.map((label) => label % 2)]);
  });
});
