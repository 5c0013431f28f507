import { assignNearest } from './assign-nearest.js';
import type { Matrix } from './matrix.js';

export interface CanonicalClusters {
  readonly centroids: Matrix<Float64Array>;
  readonly labels: Int32Array;
  readonly sizes: readonly number[];
}

/**
 * Clusters without points dropped, the others in canonical order: by size, largest first, then by centroid, lowest
 * first column first. Distinct centroids cannot tie.
 *
 * The order decides which of equally near centroids a point goes to, so the points are labelled anew, and ordered
 * anew if that changed a size. It ends: such a point only ever moves to a cluster ahead of its own, that is, at least
 * as large, which raises the sum of the squared sizes.
 */
export function canonicalClusters(
  points: Matrix<Float64Array>,
  centroids: Matrix<Float64Array>,
  labels: Int32Array,
): CanonicalClusters {
  let ordered = inOrder(centroids, labels);
  const distances = new Float64Array(points.rows);
  while (assignNearest(points, ordered.centroids, ordered.labels, distances) > 0) {
    ordered = inOrder(ordered.centroids, ordered.labels);
  }
  return ordered;
}

function inOrder({ rows: k, columns, values }: Matrix<Float64Array>, labels: Int32Array): CanonicalClusters {
  const sizes = new Int32Array(k);
  for (let i = 0; i < labels.length; i++) sizes[labels[i]]++;
  const order = Array.from(sizes.keys())
    .filter((cluster) => sizes[cluster] > 0)
    .toSorted((a, b) => sizes[b] - sizes[a] || compare(values, a * columns, b * columns, columns));
  const rank = new Int32Array(k);
  const ordered = new Float64Array(order.length * columns);
  for (const [position, cluster] of order.entries()) {
    rank[cluster] = position;
    ordered.set(values.subarray(cluster * columns, (cluster + 1) * columns), position * columns);
  }
  return {
    centroids: { rows: order.length, columns, values: ordered },
    labels: labels.map((label) => rank[label]),
    sizes: order.map((cluster) => sizes[cluster]),
  };
}

function compare(values: Float64Array, a: number, b: number, columns: number): number {
  for (let c = 0; c < columns; c++) {
    const difference = values[a + c] - values[b + c];
    if (difference !== 0) return difference;
  }
  return 0;
}
