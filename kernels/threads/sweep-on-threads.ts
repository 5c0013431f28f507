import { type Matrix, rowsAt } from '../matrix.js';
import { type KMeansSweep, candidatesOf, selectByScores } from '../select-kmeans.js';
import { type SweepKMeansOptions, ksToFit } from '../sweep-kmeans.js';
import type { KernelThreads, RunKernelOptions } from './kernel-threads.js';
import { fitAllKMeansOnThreads } from './kmeans-on-threads.js';
import { fitAllMiniBatchOnThreads } from './mini-batch-on-threads.js';
import { silhouettesOnThreads } from './silhouettes-on-threads.js';

/**
 * `sweepKMeans` of float32 values with the fits side by side, as far as there are threads, and then the silhouettes on all of
 * them: the same result, bit for bit. When one k fails or `signal` aborts, the others are stopped.
 */
export async function sweepKMeansOnThreads(
  threads: KernelThreads,
  matrix: Matrix,
  { ks, batchAbove, ...options }: Omit<SweepKMeansOptions, 'onProgress'>,
  running: RunKernelOptions = {},
): Promise<KMeansSweep> {
  // The largest k takes longest: started last, it would run alone at the end.
  const order = ksToFit(ks, matrix.rows).toReversed();
  const fitAll = matrix.rows > (batchAbove ?? Infinity) ? fitAllMiniBatchOnThreads : fitAllKMeansOnThreads;
  const models = await fitAll(threads, matrix, order, options, running);
  const { candidates, sample, labelings } = candidatesOf(models.toReversed(), matrix.rows, options);
  const scores = await silhouettesOnThreads(threads, rowsAt(matrix, sample), labelings, running);
  return selectByScores(candidates, scores);
}
