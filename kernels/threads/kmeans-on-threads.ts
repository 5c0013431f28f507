import { checkKMeansOptions } from '../check-kmeans-options.js';
import type { KMeansModel, KMeansOptions } from '../kmeans.js';
import type { Matrix } from '../matrix.js';
import { kMeansMemory } from '../wasm/kmeans-memory.js';
import type { KernelThreads, RunKernelOptions } from './kernel-threads.js';

/**
 * `fitKMeans` of float32 values on all threads together: the same model, bit for bit, whatever their number, some ten times
 * as fast on one.
 */
export async function fitKMeansOnThreads(
  threads: KernelThreads,
  matrix: Matrix,
  options: Omit<KMeansOptions, 'onProgress'>,
  running: RunKernelOptions = {},
): Promise<KMeansModel> {
  const { k, restarts, maxIterations, tolerance, seed } = checkKMeansOptions(options, matrix);
  const memory = kMeansMemory(matrix, { k, fits: 1, threads: threads.size });
  const settings = { k, restarts, maxIterations, tolerance, seed, initial: options.initial };
  const [model] = await threads.runCrew('fitKMeans', { memory, ...settings }, running);
  if (model === undefined) throw new Error('Expected the first of the crew to have a model');
  return model;
}
