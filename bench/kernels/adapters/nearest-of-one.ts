import { fitKnn, queryKnn } from '../../../kernels/knn.js';
import { row } from '../../../kernels/matrix.js';
import type { Matrix } from '../../../kernels/matrix.js';
import type { KernelThreads } from '../../../kernels/threads/kernel-threads.js';

/**
 * Makes a matrix ready, once, and gives what answers a question: the `k` nearest other rows of a row, exact. What the
 * bench of lookalike queries times is the answers.
 */
export async function nearestOfOne(
  _threads: KernelThreads,
  matrix: Matrix,
): Promise<(of: number, k: number) => Promise<Int32Array>> {
  const index = fitKnn(matrix);
  return async (of, k) => {
    const point = { rows: 1, columns: matrix.columns, values: row(matrix, of) };
    return queryKnn(index, point, k, { exclude: Int32Array.of(of) }).indices;
  };
}
