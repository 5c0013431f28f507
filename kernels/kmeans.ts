import { assignNearest } from './assign-nearest.js';
import { sumBlocks, sumOf } from './block-sums.js';
import { canonicalClusters } from './canonical-clusters.js';
import { checkKMeansOptions } from './check-kmeans-options.js';
import { comparedRows } from './compared-rows.js';
import { kMeansPlusPlus } from './kmeans-plus-plus.js';
import { type LloydResult, lloyd } from './lloyd.js';
import { type AnyMatrix, type Matrix, matrixForDistances, rowsAt } from './matrix.js';
import { onGrid } from './grid.js';
import type { OnProgress } from './progress.js';
import { randomStream } from './random.js';
import { scaledCentroids } from './scaled-centroids.js';
import { squaredDistance } from './squared-distance.js';
import { searchBySwaps } from './swap-search.js';

export interface KMeansOptions {
  /** Clusters asked for, 1..rows. */
  readonly k: number;
  /** Starts from different initial centroids; default 10, and 1 from `initial`. */
  readonly restarts?: number | undefined;
  /**
   * The centroids of the one start, k x columns, instead of those that k-means++ draws. None of their values may be far
   * above the largest magnitude of the matrix: rows of it, and means of them, never are.
   */
  readonly initial?: AnyMatrix | undefined;
  /**
   * After the starts: swaps of a centroid tried in a row without success before the best start is taken as it is, see
   * `searchBySwaps`; default 0, none. A few find optima that many more starts miss.
   */
  readonly swapPatience?: number | undefined;
  /** Iterations of Lloyd's algorithm allowed for one start; default 300. */
  readonly maxIterations?: number | undefined;
  /**
   * A start has converged when the squared shifts of its centroids add up to at most this times the mean variance of
   * the columns, as scikit-learn has it; default 1e-4. With 0 it goes on until no label changes.
   */
  readonly tolerance?: number | undefined;
  /** An integer of 0..2^53 - 1. The same matrix, options and seed give the same model, bit for bit. */
  readonly seed: number;
  readonly onProgress?: OnProgress | undefined;
}

/** A fitted k-means. Plain data. Clusters are in canonical order, see `canonicalClusters`. */
export interface KMeansModel {
  /**
   * Clusters there are. Fewer than asked for where the matrix has fewer distinct points, and where a cluster was empty
   * when the iterations ended.
   */
  readonly k: number;
  /** k x columns. */
  readonly centroids: Matrix<Float64Array>;
  /** The cluster of each row, 0..k - 1: that of the nearest centroid, the lowest of equally near ones. */
  readonly labels: Int32Array;
  /** Rows of each cluster, largest first. None is 0. */
  readonly sizes: readonly number[];
  /** Sum of the squared distances of the rows to their centroids. */
  readonly inertia: number;
  /** Iterations of the start that won. */
  readonly iterations: number;
  readonly restarts: number;
}

/**
 * k-means by greedy k-means++ and Lloyd's algorithm, the start with the lowest inertia, the earliest of equals. All
 * sums are float64 in a fixed order.
 *
 * Which of several starts, and of swaps, is the best one, a sample of many rows tells: of more than `COMPARED_ROWS` rows they are
 * compared over so many of them, and Lloyd's algorithm over all rows goes on from the best. Where the sample has fewer distinct
 * points than `k`, starts are compared over all rows, without swaps.
 *
 * Throws RangeError for `k` outside 1..rows or another option out of range, an empty matrix, and values that are not
 * finite.
 */
export function fitKMeans(matrix: AnyMatrix, options: KMeansOptions): KMeansModel {
  const { onProgress } = options;
  const { points, scale } = onGrid(matrixForDistances(matrix));
  const { k, restarts, swapPatience, maxIterations, tolerance, seed } = checkKMeansOptions(options, points);
  const initial = options.initial && scaledCentroids(options.initial, scale);
  const shiftTolerance = tolerance * meanColumnVariance(points);

  const refine = (points: Matrix<Float64Array>, initial: Matrix<Float64Array>, restart: number): LloydResult =>
    lloyd(points, initial, {
      maxIterations,
      shiftTolerance,
      onIteration:
        onProgress &&
        ((iteration) => {
          onProgress({ phase: 'lloyd', k, restart, restarts, iteration, of: maxIterations });
        }),
    });
  const bestStart = (points: Matrix<Float64Array>): LloydResult => {
    let best: LloydResult | undefined;
    for (let restart = 1; restart <= restarts; restart++) {
      const found = refine(points, initial ?? kMeansPlusPlus(points, k, randomStream(seed, k, restart)), restart);
      if (best === undefined || found.inertia < best.inertia) best = found;
    }
    if (best === undefined) throw new RangeError(`Expected at least 1 restart, got ${restarts}`);
    return best;
  };
  const search = (points: Matrix<Float64Array>): LloydResult =>
    searchBySwaps(points, bestStart(points), {
      patience: swapPatience,
      // Streams 1..restarts are those of the starts.
      random: randomStream(seed, k, 0),
      refine: (swapped) => refine(points, swapped, restarts),
    });
  const compares = restarts > 1 || swapPatience > 0;
  const sample = compares ? comparedRows(points.rows, seed) : undefined;
  const found = sample === undefined ? undefined : search(rowsAt(points, sample));
  const best =
    found === undefined
      ? search(points)
      : found.centroids.rows < k
        ? bestStart(points)
        : refine(points, found.centroids, restarts);
  const { centroids, labels, sizes } = canonicalClusters(points, best.centroids, best.labels);
  return {
    k: centroids.rows,
    centroids: { ...centroids, values: centroids.values.map((value) => value / scale) },
    labels,
    sizes,
    inertia: best.inertia / scale ** 2,
    iterations: best.iterations,
    restarts,
  };
}

/**
 * The cluster of every row of `matrix`: that of the nearest centroid, the lowest of equally near ones. For the matrix
 * a model was fitted to, these are its labels. Throws RangeError when the columns are not those of the model.
 */
export function predictKMeans(model: Pick<KMeansModel, 'centroids'>, matrix: AnyMatrix): Int32Array {
  const points = matrixForDistances(matrix);
  if (points.columns !== model.centroids.columns) {
    throw new RangeError(`Expected ${model.centroids.columns} columns, as the model has, got ${points.columns}`);
  }
  const labels = new Int32Array(points.rows).fill(-1);
  assignNearest(points, model.centroids, labels, new Float64Array(points.rows));
  return labels;
}

/** The mean of the variances of the columns: what the rows are from their mean, squared, by value. */
function meanColumnVariance({ rows, columns, values }: Matrix<Float64Array>): number {
  const mean = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) mean[i % columns] += values[i];
  for (let c = 0; c < columns; c++) mean[c] /= rows;
  const squares = new Float64Array(rows);
  for (let i = 0; i < rows; i++) squares[i] = squaredDistance(values, i * columns, mean, 0, columns);
  return sumOf(sumBlocks(squares)) / values.length;
}
