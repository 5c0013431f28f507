import { assignNearest } from './assign-nearest.js';
import { sumBlocks, sumOf } from './block-sums.js';
import type { Matrix } from './matrix.js';
import { fillEmptyClusters } from './fill-empty-clusters.js';
import { loosenBounds } from './runner-up-bounds.js';
import { squaredDistance } from './squared-distance.js';

export interface LloydOptions {
  readonly maxIterations: number;
  /** Stop when the squared shifts of all centroids add up to this or less. */
  readonly shiftTolerance: number;
  readonly onIteration?: ((iteration: number) => void) | undefined;
}

export interface LloydResult {
  readonly centroids: Matrix<Float64Array>;
  /** The nearest of `centroids` for every point, the lowest of equally near ones. */
  readonly labels: Int32Array;
  /** Sum over the points, by blocks, of the squared distance to their centroid. */
  readonly inertia: number;
  readonly iterations: number;
}

/**
 * Lloyd's algorithm (S. P. Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28(2), 1982) from given
 * centroids: label every point with its nearest centroid, move every centroid to the mean of its points, until no label
 * changes, the centroids hardly move, or `maxIterations` are done. The inertia never rises from one iteration to the
 * next, but for rounding.
 *
 * A cluster that has lost its points takes over a far point of another, see `fillEmptyClusters`. One that is empty when
 * the iterations end keeps its centroid and has no label.
 */
export function lloyd(
  points: Matrix<Float64Array>,
  initial: Matrix<Float64Array>,
  { maxIterations, shiftTolerance, onIteration }: LloydOptions,
): LloydResult {
  const { rows, columns } = points;
  const k = initial.rows;
  const labels = new Int32Array(rows).fill(-1);
  const distances = new Float64Array(rows);
  const bounds = new Float64Array(rows);
  let centroids: Matrix<Float64Array> = { rows: k, columns, values: initial.values.slice() };
  let iterations = 0;
  // Invariant at the top of the loop: but for the first time, the centroids are the means of the points as labelled.
  for (;;) {
    const changed = assignNearest(points, centroids, labels, distances, bounds);
    if (iterations === maxIterations) break;
    iterations++;
    onIteration?.(iterations);
    if (changed === 0) break;
    // The bound of a point is for the label it had.
    if (fillEmptyClusters(labels, distances, k) > 0) bounds.fill(0);
    const moved = meansOf(points, labels, centroids);
    const shift = squaredShift(centroids, moved);
    loosenBounds(bounds, labels, centroids, moved);
    centroids = moved;
    if (shift <= shiftTolerance) {
      assignNearest(points, centroids, labels, distances, bounds);
      break;
    }
  }
  return { centroids, labels, inertia: sumOf(sumBlocks(distances)), iterations };
}

/** The mean of each cluster. The sums are exact for points on a grid, see `onGrid`. An empty cluster keeps its centroid. */
function meansOf(
  { rows, columns, values }: Matrix<Float64Array>,
  labels: Int32Array,
  centroids: Matrix<Float64Array>,
): Matrix<Float64Array> {
  const k = centroids.rows;
  const sizes = new Int32Array(k);
  const means = new Float64Array(k * columns);
  for (let i = 0, start = 0; i < rows; i++, start += columns) {
    sizes[labels[i]]++;
    const mean = labels[i] * columns;
    for (let c = 0; c < columns; c++) means[mean + c] += values[start + c];
  }
  for (let j = 0; j < k; j++) {
    for (let at = j * columns; at < (j + 1) * columns; at++) {
      means[at] = sizes[j] === 0 ? centroids.values[at] : means[at] / sizes[j];
    }
  }
  return { rows: k, columns, values: means };
}

function squaredShift(before: Matrix<Float64Array>, after: Matrix<Float64Array>): number {
  const { rows, columns } = before;
  let sum = 0;
  for (let c = 0; c < rows; c++) {
    sum += squaredDistance(before.values, c * columns, after.values, c * columns, columns);
  }
  return sum;
}
