import { drawByWeight, sumBlocks, sumOf } from './block-sums.js';
import type { Matrix } from './matrix.js';
import type { Random } from './random.js';
import { squaredDistance32 } from './squared-distance32.js';

/**
 * Initial centroids by greedy k-means++ (D. Arthur, S. Vassilvitskii, "k-means++: the advantages of careful seeding",
 * SODA 2007): the first is a row drawn uniformly; each next one is the best, by the inertia it leaves, of
 * `2 + floor(ln k)` rows drawn with a chance in proportion to their squared distance from the centroids so far, the
 * first drawn of equally good ones.
 *
 * Distances are float32 here, summed in float64: where a start lies needs no more digits, and its draws would not be better
 * for them. The centroids are distinct points. There are fewer than `k` of them exactly when the matrix has fewer distinct
 * points (whose squared distance does not underflow to 0).
 */
export function kMeansPlusPlus(points: Matrix<Float64Array>, k: number, random: Random): Matrix<Float64Array> {
  const { rows, columns, values } = points;
  const trials = 2 + Math.floor(Math.log(k));
  const chosen = [random.integer(rows)];
  let closest = new Float64Array(rows);
  let candidate = new Float64Array(rows);
  let best = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    closest[i] = squaredDistance32(values, i * columns, values, chosen[0] * columns, columns);
  }
  let blocks = sumBlocks(closest);
  let inertia = sumOf(blocks);
  while (chosen.length < k && inertia > 0) {
    let least = { inertia: Infinity, row: -1, blocks };
    // All are drawn before the first is tried.
    const drawn = Array.from({ length: trials }, () => drawByWeight(closest, blocks, random.uniform() * inertia));
    for (const row of drawn) {
      leaveWith(points, closest, row, candidate);
      const left = sumBlocks(candidate);
      if (sumOf(left) < least.inertia) {
        least = { inertia: sumOf(left), row, blocks: left };
        [best, candidate] = [candidate, best];
      }
    }
    chosen.push(least.row);
    [closest, best] = [best, closest];
    ({ blocks, inertia } = least);
  }
  const centroids = new Float64Array(chosen.length * columns);
  for (const [c, i] of chosen.entries()) {
    centroids.set(values.subarray(i * columns, (i + 1) * columns), c * columns);
  }
  return { rows: chosen.length, columns, values: centroids };
}

/** Writes to `left` the squared distances that remain once row `added` is a centroid too. */
function leaveWith(
  { rows, columns, values }: Matrix<Float64Array>,
  closest: Float64Array,
  added: number,
  left: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    left[i] = Math.min(closest[i], squaredDistance32(values, i * columns, values, added * columns, columns));
  }
}
