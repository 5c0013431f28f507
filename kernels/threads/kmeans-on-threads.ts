import { checkKMeansOptions } from '../check-kmeans-options.js';
import type { KMeansModel, KMeansOptions } from '../kmeans.js';
import type { Matrix } from '../matrix.js';
import { inTurns } from '../steps.js';
import { kMeansMemoryInSteps } from '../wasm/kmeans-memory.js';
import type { KernelThreads, RunKernelOptions } from './kernel-threads.js';

/**
 * `fitKMeans` of float32 values on all threads together: the same model, bit for bit, whatever their number, some ten times
 * as fast on one.
 */
export async function fitKMeansOnThreads(
  threads: KernelThreads,
  matrix: Matrix,
  { k, ...options }: Omit<KMeansOptions, 'onProgress'>,
  running: RunKernelOptions = {},
): Promise<KMeansModel> {
  const [model] = await fitAllKMeansOnThreads(threads, matrix, [k], options, running);
  if (model === undefined) throw new Error('Expected a model of the only fit');
  return model;
}

/**
 * `fitKMeans` for each of `ks`, in their order, on one copy of the matrix. Fits run side by side, each on one thread, those
 * first that come first; where there are fewer than threads, all threads do one after the other together.
 */
export async function fitAllKMeansOnThreads(
  threads: KernelThreads,
  matrix: Matrix,
  ks: readonly number[],
  options: Omit<KMeansOptions, 'k' | 'onProgress'>,
  running: RunKernelOptions = {},
): Promise<KMeansModel[]> {
  const { seed, initial } = options;
  const fits = ks.map((k) => {
    const { restarts, swapPatience, maxIterations, tolerance } = checkKMeansOptions({ ...options, k }, matrix);
    return { k, restarts, swapPatience, maxIterations, tolerance };
  });
  const together = fits.length < threads.size;
  const room = {
    k: Math.max(...ks),
    fits: together ? 1 : threads.size,
    threads: threads.size,
    search: fits.some(({ restarts, swapPatience }) => restarts > 1 || swapPatience > 0),
  };
  const memory = await inTurns(kMeansMemoryInSteps(matrix, room), running.signal);
  const begun = new Int32Array(new SharedArrayBuffer(4));
  const answers = await threads.runCrew('fitAllKMeans', { memory, seed, initial, fits, begun, together }, running);
  return answers
    .flat()
    .toSorted((a, b) => a.fit - b.fit)
    .map(({ model }) => model);
}
