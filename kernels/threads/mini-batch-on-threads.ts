import { BLOCK_ROWS, blocksOf } from '../block-sums.js';
import { checkMiniBatchOptions } from '../check-mini-batch-options.js';
import type { KMeansModel } from '../kmeans.js';
import { type Matrix, checkMatrix, rowsAt } from '../matrix.js';
import type { MiniBatchKMeansOptions } from '../mini-batch-kmeans.js';
import { startSample } from '../mini-batch-rows.js';
import { inTurns } from '../steps.js';
import { kMeansMemoryInSteps } from '../wasm/kmeans-memory.js';
import { checkShape } from '../wasm/padded-rows.js';
import type { CrewKernelInput } from './crew-registry.js';
import type { KernelThreads, RunKernelOptions } from './kernel-threads.js';
import { fitAllKMeansOnThreads } from './kmeans-on-threads.js';
import { shareMatrix } from './share-matrix.js';

/**
 * `fitMiniBatchKMeans` of float32 values on all threads together: the same model, bit for bit, whatever their number. The
 * matrix may be larger than what WebAssembly can address.
 */
export async function fitMiniBatchKMeansOnThreads(
  threads: KernelThreads,
  matrix: Matrix,
  { k, ...options }: Omit<MiniBatchKMeansOptions, 'onProgress'>,
  running: RunKernelOptions = {},
): Promise<KMeansModel> {
  const [model] = await fitAllMiniBatchOnThreads(threads, matrix, [k], options, running);
  if (model === undefined) throw new Error('Expected a model of the only fit');
  return model;
}

/** `fitMiniBatchKMeans` for each of `ks`, in their order, on one copy of the matrix. */
export async function fitAllMiniBatchOnThreads(
  threads: KernelThreads,
  matrix: Matrix,
  ks: readonly number[],
  options: Omit<MiniBatchKMeansOptions, 'k' | 'onProgress'>,
  running: RunKernelOptions = {},
): Promise<KMeansModel[]> {
  checkShape(matrix);
  const settings = ks.map((k) => checkMiniBatchOptions({ ...options, k }, matrix));
  const shared = shareMatrix(matrix);
  const largest = Math.max(...(await threads.runCrew('largestMagnitudes', shared, running)));
  // Says which value it is that is not finite.
  if (!Number.isFinite(largest)) checkMatrix(shared);

  const models: KMeansModel[] = [];
  const firsts = await firstModels(threads, shared, ks, options, running);
  for (const [i, first] of firsts.entries()) {
    models.push(await goOn(threads, { matrix: shared, largest, first, settings: settings[i] }, running));
  }
  return models;
}

async function firstModels(
  threads: KernelThreads,
  matrix: Matrix,
  ks: readonly number[],
  options: Omit<MiniBatchKMeansOptions, 'k' | 'onProgress'>,
  running: RunKernelOptions,
): Promise<readonly KMeansModel[]> {
  const { startRows, start } = checkMiniBatchOptions({ ...options, k: 1 }, matrix);
  const sample = rowsAt(matrix, startSample(matrix.rows, startRows, start.seed));
  return fitAllKMeansOnThreads(threads, sample, ks, start, running);
}

async function goOn(
  threads: KernelThreads,
  job: Pick<CrewKernelInput<'fitMiniBatchKMeans'>, 'matrix' | 'largest' | 'first' | 'settings'>,
  running: RunKernelOptions,
): Promise<KMeansModel> {
  const { rows, columns } = job.matrix;
  const room = Math.min(rows, blocksOf(job.settings.batchRows) * BLOCK_ROWS);
  const batch = { rows: room, columns, values: new Float32Array(room * columns) };
  const places = { k: job.first.centroids.rows, fits: 1, threads: threads.size, search: false };
  const memory = await inTurns(kMeansMemoryInSteps(batch, places), running.signal);
  const labels = new Int32Array(new SharedArrayBuffer(rows * 4));
  const [model] = await threads.runCrew('fitMiniBatchKMeans', { ...job, memory, labels }, running);
  if (model === undefined) throw new Error('Expected the first of the crew to have the model');
  return model;
}
