import type { AnyMatrix } from '../matrix.js';
import type { KMeansSweep } from '../select-kmeans.js';
import { type SweepKMeansOptions, ksToFit } from '../sweep-kmeans.js';
import type { KernelThreads, RunKernelOptions } from './kernel-threads.js';
import { shareMatrix } from './share-matrix.js';

/**
 * `sweepKMeans` with every k on a thread of its own, as far as there are threads: the same result, bit for bit. When one
 * k fails or `signal` aborts, the others are stopped.
 */
export async function sweepKMeansOnThreads(
  threads: KernelThreads,
  matrix: AnyMatrix,
  { ks, ...options }: Omit<SweepKMeansOptions, 'onProgress'>,
  { signal, onProgress }: RunKernelOptions = {},
): Promise<KMeansSweep> {
  const { restarts, swapPatience, maxIterations, tolerance, seed, silhouetteSample } = options;
  const shared = shareMatrix(matrix);
  const failure = new AbortController();
  const running = {
    signal: signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]),
    onProgress,
  };
  // The largest k takes longest: started last, it would run alone at the end.
  const fits = ksToFit(ks, matrix.rows)
    .toReversed()
    .map(async (k) =>
      threads.run('fitKMeans', { matrix: shared, k, restarts, swapPatience, maxIterations, tolerance, seed }, running),
    );
  try {
    const models = await Promise.all(fits);
    const input = { matrix: shared, models: models.toReversed(), seed, silhouetteSample };
    return await threads.run('selectKMeans', input, running);
  } catch (error) {
    failure.abort(error);
    await Promise.allSettled(fits);
    throw error;
  }
}
