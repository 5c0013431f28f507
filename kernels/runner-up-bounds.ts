/**
 * Lower bounds of the distance from a point to every centroid but its own, after G. Hamerly, "Making k-means even
 * faster", SDM 2010: as long as its own centroid is nearer than the bound, no other needs to be measured. Unlike the
 * paper, the distance to the own centroid is measured every time.
 *
 * Labels must come out as if all distances had been measured, rounding included. A measured square is within
 * `(columns + 4) 2^-53` of the true one, relatively, which for fewer than 2^22 columns is less than `slack`. Each step
 * below errs by `slack` on the safe side, so a bound is always below the true distances; and a centroid is ruled out
 * only if its square, measured, would have been above that of the own centroid.
 */
import type { Matrix } from './matrix.js';
import { squaredDistance } from './squared-distance.js';

const slack = 1e-9;

/** Below this, squares come near the smallest float64, where their relative error has no limit: all is measured. */
const leastBound = 1e-140;

/** The bound that follows from the second least of the measured squares. */
export function runnerUpBound(square: number): number {
  return Math.sqrt(square) * (1 - slack);
}

/** Whether a centroid as far as `bound` or farther cannot be as near as `square`, the measured one of the own. */
export function isRuledOut(bound: number, square: number): boolean {
  return bound > leastBound && bound * bound * (1 - slack) > square;
}

/**
 * Keeps the bounds true when the centroids have moved: by the triangle inequality a centroid comes nearer by its shift
 * at most, so each bound falls by the largest shift of the other centroids. A point must still have the label that its
 * bound is for.
 */
export function loosenBounds(
  bounds: Float64Array,
  labels: Int32Array,
  before: Matrix<Float64Array>,
  after: Matrix<Float64Array>,
): void {
  const { rows: k, columns } = before;
  let farthest = -1;
  let largest = 0;
  let secondLargest = 0;
  for (let c = 0; c < k; c++) {
    const shift = Math.sqrt(squaredDistance(before.values, c * columns, after.values, c * columns, columns));
    if (shift > largest || farthest === -1) {
      secondLargest = largest;
      largest = shift;
      farthest = c;
    } else if (shift > secondLargest) {
      secondLargest = shift;
    }
  }
  for (let i = 0; i < bounds.length; i++) {
    const shift = labels[i] === farthest ? secondLargest : largest;
    // The first factor is for the rounding of the difference, which is in proportion to the bound, not to the result.
    bounds[i] = Math.max(0, bounds[i] * (1 - 1e-14) - shift * (1 + slack));
  }
}
