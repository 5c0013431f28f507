import type { Matrix } from '../matrix.js';
import type { FitWork } from './kmeans-arrays.js';

/**
 * Brings the centroids into canonical order by the sizes of their clusters, without empty ones, and writes the place of
 * each to `chosen`. Returns how many remain.
 */
export function order({ stride, of }: FitWork, k: number): number {
  const centroids = of.centroids.slice(0, k * stride);
  const counts = of.counts.slice(0, k);
  const order = Array.from({ length: k }, (_, c) => c)
    .filter((c) => counts[c] > 0)
    .toSorted((a, b) => counts[b] - counts[a] || compare(centroids, a * stride, b * stride, stride));
  of.counts.fill(0);
  for (const [position, c] of order.entries()) {
    of.chosen[c] = position;
    of.counts[position] = counts[c];
    of.centroids.set(centroids.subarray(c * stride, (c + 1) * stride), position * stride);
  }
  return order.length;
}

/** Whether the first `k` centroids are in that order, none of them without points. */
export function isOrdered({ stride, of }: FitWork, k: number): boolean {
  for (let c = 0; c < k; c++) {
    if (of.counts[c] === 0) return false;
    if (c === 0) continue;
    const ahead = of.counts[c - 1] - of.counts[c] || compare(of.centroids, c * stride, (c - 1) * stride, stride);
    if (ahead < 0) return false;
  }
  return true;
}

function compare(values: Float64Array, a: number, b: number, columns: number): number {
  for (let c = 0; c < columns; c++) {
    const difference = values[a + c] - values[b + c];
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The values that the centroids of the first clusters are of, which `scale` was multiplied with. */
export function unscaled(centroids: Float64Array, { columns, stride }: FitWork, scale: number): Matrix<Float64Array> {
  const rows = centroids.length / stride;
  const values = Float64Array.from({ length: rows * columns }, (_, i) => {
    return centroids[Math.floor(i / columns) * stride + (i % columns)] / scale;
  });
  return { rows, columns, values };
}
