import { checkInteger } from './check-integer.js';
import { type KMeansOptions, fitKMeans } from './kmeans.js';
import { type AnyMatrix, matrixForDistances } from './matrix.js';
import { fitMiniBatchKMeans } from './mini-batch-kmeans.js';
import { type KMeansSweep, type SelectKMeansOptions, selectKMeans } from './select-kmeans.js';

export interface SweepKMeansOptions extends Omit<KMeansOptions, 'k'>, SelectKMeansOptions {
  /** The numbers of clusters to try, each 1..rows, in any order. */
  readonly ks: readonly number[];
  /** A matrix of more rows is fitted by mini-batches, see `fitMiniBatchKMeans`; default: none is. */
  readonly batchAbove?: number | undefined;
}

/**
 * Fits k-means for every k and chooses one, see `fitKMeans` and `selectKMeans`. A k that is given alone is chosen. Each
 * k has its own random numbers, so its model does not depend on the other ks.
 *
 * Throws RangeError for no ks, a k outside 1..rows, and what `fitKMeans` and `selectKMeans` do.
 */
export function sweepKMeans(matrix: AnyMatrix, { ks, batchAbove, ...options }: SweepKMeansOptions): KMeansSweep {
  const points = matrixForDistances(matrix);
  const fit = points.rows > (batchAbove ?? Infinity) ? fitMiniBatchKMeans : fitKMeans;
  const models = ksToFit(ks, points.rows).map((k) => fit(points, { ...options, k }));
  return selectKMeans(points, models, options);
}

/** The ks of a sweep in ascending order, each once. Throws RangeError for none, and for one outside 1..rows. */
export function ksToFit(ks: readonly number[], rows: number): number[] {
  if (ks.length === 0) throw new RangeError('Expected `ks` to have at least one k, got none');
  for (const [i, k] of ks.entries()) checkInteger(`ks[${i}]`, k, 1, rows, `1..rows (${rows})`);
  return [...new Set(ks)].toSorted((a, b) => a - b);
}
