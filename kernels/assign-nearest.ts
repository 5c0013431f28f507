import type { Matrix } from './matrix.js';
import { isRuledOut, runnerUpBound } from './runner-up-bounds.js';
import { squaredDistanceWithin } from './squared-distance.js';

/**
 * Writes to `labels` the nearest centroid of every point, the lowest of equally near ones, and to `distances` the
 * squared distance to it. Returns how many labels changed.
 *
 * A label that comes in is a hint, -1 for none: its centroid is measured first. `bounds` has for every point a distance
 * below that to any centroid other than its label, 0 where nothing is known, see `loosenBounds`; where it rules all of
 * them out, they are not measured. It is brought up to date. Hints and bounds save time and change no result.
 */
export function assignNearest(
  points: Matrix<Float64Array>,
  centroids: Matrix<Float64Array>,
  labels: Int32Array,
  distances: Float64Array,
  bounds = new Float64Array(points.rows),
): number {
  const { rows, columns, values } = points;
  const k = centroids.rows;
  const centres = centroids.values;
  let changed = 0;
  for (let i = 0, start = 0; i < rows; i++, start += columns) {
    const hint = labels[i];
    const first = Math.max(hint, 0);
    let nearest = first;
    let least = squaredDistanceWithin(values, start, centres, first * columns, columns, Infinity);
    if (hint === -1 || !isRuledOut(bounds[i], least)) {
      // The second least is measured in full too, for the bound.
      let second = Infinity;
      for (let c = 0; c < k; c++) {
        if (c === first) continue;
        const distance = squaredDistanceWithin(values, start, centres, c * columns, columns, second);
        if (distance < least || (distance === least && c < nearest)) {
          second = least;
          least = distance;
          nearest = c;
        } else if (distance < second) {
          second = distance;
        }
      }
      bounds[i] = runnerUpBound(second);
    }
    distances[i] = least;
    if (nearest !== hint) {
      labels[i] = nearest;
      changed++;
    }
  }
  return changed;
}
