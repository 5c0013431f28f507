import type { Matrix } from './matrix.js';
import type { Random } from './random.js';
import { squaredDistance, squaredDistanceWithin } from './squared-distance.js';

/**
 * Initial centroids by greedy k-means++ (D. Arthur, S. Vassilvitskii, "k-means++: the advantages of careful seeding",
 * SODA 2007): the first is a row drawn uniformly; each next one is the best, by the inertia it leaves, of
 * `2 + floor(ln k)` rows drawn with a chance in proportion to their squared distance from the centroids so far, the
 * first drawn of equally good ones.
 *
 * The centroids are distinct points. There are fewer than `k` of them exactly when the matrix has fewer distinct
 * points (whose squared distance does not underflow to 0).
 */
export function kMeansPlusPlus(points: Matrix<Float64Array>, k: number, random: Random): Matrix<Float64Array> {
  const { rows, columns, values } = points;
  const trials = 2 + Math.floor(Math.log(k));
  const chosen = [random.integer(rows)];
  let closest = new Float64Array(rows);
  let candidate = new Float64Array(rows);
  let best = new Float64Array(rows);
  let inertia = 0;
  for (let i = 0; i < rows; i++) {
    closest[i] = squaredDistance(values, i * columns, values, chosen[0] * columns, columns);
    inertia += closest[i];
  }
  while (chosen.length < k && inertia > 0) {
    let leastInertia = Infinity;
    let bestRow = -1;
    for (let trial = 0; trial < trials; trial++) {
      const drawn = drawByWeight(closest, random.uniform() * inertia);
      const left = inertiaWith(points, closest, drawn, candidate);
      if (left < leastInertia) {
        leastInertia = left;
        bestRow = drawn;
        [best, candidate] = [candidate, best];
      }
    }
    chosen.push(bestRow);
    [closest, best] = [best, closest];
    inertia = leastInertia;
  }
  const centroids = new Float64Array(chosen.length * columns);
  for (const [c, i] of chosen.entries()) {
    centroids.set(values.subarray(i * columns, (i + 1) * columns), c * columns);
  }
  return { rows: chosen.length, columns, values: centroids };
}

/** The row on which `mark` falls when the weights lie end to end: never one of weight 0. */
export function drawByWeight(weights: Float64Array, mark: number): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i];
    // Strictly: a mark at the end of a weight is the start of the next one.
    if (sum > mark) return i;
  }
  throw new RangeError(`Expected a mark below the sum of the weights, ${sum}, got ${mark}`);
}

/** Writes to `left` the squared distances that remain once row `added` is a centroid too, and returns their sum. */
function inertiaWith(
  { rows, columns, values }: Matrix<Float64Array>,
  closest: Float64Array,
  added: number,
  left: Float64Array,
): number {
  let inertia = 0;
  for (let i = 0; i < rows; i++) {
    const distance = squaredDistanceWithin(values, i * columns, values, added * columns, columns, closest[i]);
    left[i] = Math.min(distance, closest[i]);
    inertia += left[i];
  }
  return inertia;
}
