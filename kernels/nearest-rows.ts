import type { Matrix } from './matrix.js';
import { squaredDistanceWithin } from './squared-distance.js';

export interface NearestRowsSearch {
  /** Where the rows found go, nearest first. Its length is how many are searched for. */
  readonly indices: Int32Array;
  /** Where their Euclidean distances go. As long as `indices`. */
  readonly distances: Float64Array;
  /** A row that is left out, -1 for none. */
  readonly leftOut: number;
  readonly isLeftOut: ((row: number) => boolean) | undefined;
}

/**
 * Searches all of `points` for those nearest to the point at `start` of `query`; returns how many there were.
 *
 * Order is by the distance that is reported, then by row. Rows are visited in ascending order, so one as far as the
 * farthest found so far never displaces it.
 */
export function nearestRows(
  { rows, columns, values }: Matrix<Float64Array>,
  query: Float64Array,
  start: number,
  { indices, distances, leftOut, isLeftOut }: NearestRowsSearch,
): number {
  const k = indices.length;
  let found = 0;
  let farthest = Infinity;
  // Rounding is monotonic: a number whose root is below `farthest` is at most the rounded square of `farthest`.
  let farthestSquare = Infinity;
  for (let i = 0; i < rows; i++) {
    if (i === leftOut || isLeftOut?.(i) === true) continue;
    const square = squaredDistanceWithin(values, i * columns, query, start, columns, farthestSquare);
    if (square > farthestSquare) continue;
    const distance = Math.sqrt(square);
    if (found === k && distance >= farthest) continue;
    let at = found < k ? found++ : k - 1;
    for (; at > 0 && distances[at - 1] > distance; at--) {
      distances[at] = distances[at - 1];
      indices[at] = indices[at - 1];
    }
    distances[at] = distance;
    indices[at] = i;
    if (found === k) {
      farthest = distances[k - 1];
      farthestSquare = farthest * farthest;
    }
  }
  return found;
}
