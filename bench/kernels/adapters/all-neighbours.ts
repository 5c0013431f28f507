import type { Matrix } from '../../../kernels/matrix.js';
import type { KernelThreads } from '../../../kernels/threads/kernel-threads.js';
import { nearestOfAllOnThreads } from '../../../kernels/threads/knn-on-threads.js';

/** The `k` nearest other rows of every row, exact: rows x k. What the bench of exact neighbours times. */
export async function allNeighbours(threads: KernelThreads, matrix: Matrix, k: number): Promise<Int32Array> {
  const { indices } = await nearestOfAllOnThreads(threads, matrix, k);
  return indices;
}
