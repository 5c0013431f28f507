import { BLOCK_ROWS, blocksOf, sumOf } from '../block-sums.js';
import type { MiniBatchSettings } from '../check-mini-batch-options.js';
import { gridRounder, scaleFor } from '../grid.js';
import type { KMeansModel } from '../kmeans.js';
import type { Matrix } from '../matrix.js';
import { learnByBatches } from '../mini-batch-learning.js';
import { rowsOfBatchBlock } from '../mini-batch-rows.js';
import type { OnProgress } from '../progress.js';
import { scaledCentroids } from '../scaled-centroids.js';
import { isOrdered, order, unscaled } from './canonical-order.js';
import { kernelsOn } from './compiled-kernels.js';
import type { Crew } from './crew.js';
import { type FitWork, decideOnce, shareOfRows } from './kmeans-arrays.js';
import { type KMeansMemory, fitWork } from './kmeans-memory.js';
import { labelAnew, measureOwn } from './lloyd-on-crew.js';
import { padRows } from './padded-rows.js';
import { type Units, lengthOfLongest, roundToUnits } from './prepare-on-crew.js';

/** Plain data; what is large is on shared memory. */
export interface MiniBatchInput {
  readonly matrix: Matrix;
  /** The largest magnitude of its values. */
  readonly largest: number;
  /** Room for a batch, and for a window of rows while all are labelled: whole blocks, or all rows. */
  readonly memory: KMeansMemory;
  /** What the batches go on from. */
  readonly first: Pick<KMeansModel, 'centroids' | 'sizes' | 'restarts'>;
  readonly settings: MiniBatchSettings;
  /** The labels of all rows. */
  readonly labels: Int32Array<SharedArrayBuffer>;
}

interface Job extends MiniBatchInput {
  readonly scale: number;
  /** The work on all rows that there is room for. */
  readonly work: FitWork;
}

/**
 * `fitMiniBatchKMeans` after its first centroids: the same model, bit for bit, of the first of the crew. Every member
 * calls it.
 *
 * A batch, or a window of all rows, is a matrix of its own that is labelled as any other, see `labelAnew`; only its grid is
 * that of all rows.
 */
export function fitMiniBatchOnCrew(crew: Crew, input: MiniBatchInput, onProgress: OnProgress): KMeansModel | undefined {
  const { memory, first, largest } = input;
  const work = fitWork(memory, kernelsOn(memory.memory), crew, 0);
  const job = { ...input, work, scale: scaleFor(largest) };
  const centroids = scaledCentroids(first.centroids, job.scale);
  if (crew.index === 0) padRows(centroids.values, centroids.columns, work.of.centroids, work.stride);
  const batches = learnOnCrew(job, onProgress);
  const { k, inertia } = labelAll(job, onProgress);
  if (crew.index > 0) return undefined;
  return {
    k,
    centroids: unscaled(work.of.centroids.slice(0, k * work.stride), work, job.scale),
    labels: input.labels.slice(),
    sizes: Array.from(work.of.counts.subarray(0, k)),
    inertia: inertia / job.scale ** 2,
    iterations: batches,
    restarts: first.restarts,
  };
}

/** Moves the centroids in `work` by batches. Returns how many there were. */
function learnOnCrew(job: Job, onProgress: OnProgress): number {
  const { first, matrix } = job;
  const { batchRows, maxBatches, patience, start } = job.settings;
  const k = first.centroids.rows;
  const work = workOnFirst(job.work, batchRows);
  const { stride, of, values } = work;
  // Only that of the first of the crew takes batches.
  const learn = learnByBatches(of.centroids.subarray(0, k * stride), stride, first.sizes, patience);
  let batches = 0;
  for (let isLast = false; !isLast && batches < maxBatches;) {
    batches++;
    onProgress({ phase: 'batches', k: start.k, batch: batches, of: maxBatches });
    for (let from = work.share.from; from < work.share.to; from += BLOCK_ROWS) {
      const block = { seed: start.seed, batch: batches, block: from / BLOCK_ROWS };
      copyRows(matrix, rowsOfBatchBlock(matrix.rows, batchRows, block), values, from * stride, stride);
    }
    label(job, work, k);
    const ended = decideOnce(work, () => {
      const isLast = learn({
        distances: of.distances.subarray(0, batchRows),
        counts: of.counts.subarray(0, k),
        sums: of.sums,
        inertia: sumOf(of.blocks.subarray(0, blocksOf(batchRows))),
        row: (i) => values.subarray(i * stride, (i + 1) * stride),
      });
      return Number(isLast);
    });
    isLast = ended === 1;
  }
  return batches;
}

/**
 * Labels all rows, window by window, and brings the centroids into canonical order as `canonicalClusters` does: the
 * centroids that remain are the first in `work`, with the sizes of their clusters.
 */
function labelAll(job: Job, onProgress: OnProgress): { readonly k: number; readonly inertia: number } {
  const { matrix, work, labels } = job;
  const { stride, of } = work;
  const { rows, columns, values } = matrix;
  let k = job.first.centroids.rows;
  for (;;) {
    const sizes = new Int32Array(k);
    let inertia = 0;
    for (let from = 0; from < rows; from += work.rows) {
      onProgress({ phase: 'labelling', rows: from, of: rows });
      const window = workOnFirst(work, Math.min(work.rows, rows - from));
      const { share } = window;
      const own = values.subarray((from + share.from) * columns, (from + share.to) * columns);
      padRows(own, columns, work.values.subarray(share.from * stride, share.to * stride), stride);
      label(job, window, k);
      decideOnce(window, () => {
        for (let c = 0; c < k; c++) sizes[c] += of.counts[c];
        for (let b = 0; b < blocksOf(window.rows); b++) inertia += of.blocks[b];
        return 0;
      });
      labels.set(of.labels.subarray(share.from, share.to), from + share.from);
    }
    const remain = decideOnce(work, () => {
      of.counts.set(sizes);
      return isOrdered(work, k) ? 0 : order(work, k);
    });
    if (remain === 0) return { k, inertia };
    k = remain;
  }
}

/** Labels the points of `work`, whose values are there, and measures them. */
function label({ scale, largest, matrix }: Job, work: FitWork, k: number): void {
  const { kernels, pointsAt, share, stride, of } = work;
  const at = (row: number): number => pointsAt.points.offset + row * stride * 4;
  kernels.toGrid(at(share.from), at(share.to), scale, gridRounder(largest * scale, matrix.rows));
  const centroids = { rows: k, columns: stride, values: of.centroids.subarray(0, k * stride) };
  const units: Units = roundToUnits(work, lengthOfLongest(centroids));
  labelAnew(work, units, k);
  measureOwn(work);
}

/** The work on the first `rows` of those that there is room for. */
const workOnFirst = (work: FitWork, rows: number): FitWork => ({ ...work, rows, share: shareOfRows(work.crew, rows) });

function copyRows(
  { columns, values }: Matrix,
  rows: Int32Array,
  to: Float32Array,
  start: number,
  stride: number,
): void {
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i] * columns;
    const at = start + i * stride;
    for (let c = 0; c < columns; c++) to[at + c] = values[from + c];
  }
}
