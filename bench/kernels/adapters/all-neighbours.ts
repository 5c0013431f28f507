import type { Matrix } from '../../../kernels/matrix.js';
import { allOnThreads } from '../../../kernels/threads/all-on-threads.js';
import type { KernelThreads } from '../../../kernels/threads/kernel-threads.js';
import { shareMatrix } from '../../../kernels/threads/share-matrix.js';

/** The `k` nearest other rows of every row, exact: rows x k. What the bench of exact neighbours times. */
export async function allNeighbours(threads: KernelThreads, matrix: Matrix, k: number): Promise<Int32Array> {
  const index = shareMatrix(matrix);
  const { rows, columns, values } = index;
  const parts = Array.from({ length: threads.size }, (_, part) => {
    const from = Math.floor((rows * part) / threads.size);
    const to = Math.floor((rows * (part + 1)) / threads.size);
    const points = { rows: to - from, columns, values: values.subarray(from * columns, to * columns) };
    return { index, points, k, exclude: Int32Array.from({ length: to - from }, (_, i) => from + i) };
  });
  const found = await allOnThreads(threads, 'queryKnn', parts);
  const neighbours = new Int32Array(rows * k);
  let at = 0;
  for (const { indices } of found) {
    neighbours.set(indices, at);
    at += indices.length;
  }
  return neighbours;
}
