import type { Matrix } from '../../../kernels/matrix.js';
import { row } from '../../../kernels/matrix.js';
import type { KernelThreads } from '../../../kernels/threads/kernel-threads.js';
import { fitKnnOnThreads, queryKnnHere } from '../../../kernels/threads/knn-on-threads.js';

/**
 * Makes a matrix ready, once, and gives what answers a question: the `k` nearest other rows of a row, exact. What the
 * bench of lookalike queries times is the answers, which are found on the thread that asks.
 */
export async function nearestOfOne(
  threads: KernelThreads,
  matrix: Matrix,
): Promise<(of: number, k: number) => Promise<Int32Array>> {
  const index = await fitKnnOnThreads(threads, matrix);
  return async (of, k) => {
    const point = { rows: 1, columns: matrix.columns, values: row(matrix, of) };
    return queryKnnHere(index, point, k, { exclude: Int32Array.of(of) }).indices;
  };
}
