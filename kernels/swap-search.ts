import { type LloydResult } from './lloyd.js';
import type { Matrix } from './matrix.js';
import type { Random } from './random.js';
import { squaredDistance } from './squared-distance.js';
import { drawByWeight, sumBlocks, sumOf } from './block-sums.js';

export interface SwapSearch {
  /** Swaps tried in a row without a lower inertia before the search ends. */
  readonly patience: number;
  readonly random: Random;
  /** Lloyd's algorithm from given centroids. */
  refine(initial: Matrix<Float64Array>): LloydResult;
}

/** Rows drawn for one swap; the best of them is tried. */
export const DRAWS = 5;

/** An inertia that is lower by less than a millionth is the same optimum, reached from another side. */
export const isLower = (inertia: number, than: number): boolean => inertia < than * (1 - 1e-6);

/**
 * Looks for a better local optimum than Lloyd's algorithm found: a row drawn with a chance in proportion to its squared
 * distance takes the place of the centroid that is missed least, and Lloyd's algorithm goes on from there. A result is
 * kept only where its inertia is lower, so the inertia never rises. The swap is that of S. Lattanzi, C. Sohler, "A better
 * k-means++ algorithm via local search", ICML 2019, judged after Lloyd's algorithm and not before it.
 */
export function searchBySwaps(
  points: Matrix<Float64Array>,
  start: LloydResult,
  { patience, random, refine }: SwapSearch,
): LloydResult {
  let best = start;
  let near = twoNearest(points, best.centroids);
  let failed = 0;
  while (failed < patience) {
    const swapped = bestSwap(points, best.centroids, near, random);
    if (swapped === undefined) return best;
    const found = refine(swapped);
    if (isLower(found.inertia, best.inertia)) {
      best = found;
      near = twoNearest(points, best.centroids);
      failed = 0;
    } else failed++;
  }
  return best;
}

/** The centroids after the best of `DRAWS` swaps, by the inertia before they move; undefined where every point is on a centroid. */
function bestSwap(
  points: Matrix<Float64Array>,
  centroids: Matrix<Float64Array>,
  near: TwoNearest,
  random: Random,
): Matrix<Float64Array> | undefined {
  const { columns, values } = points;
  if (near.inertia === 0) return undefined;
  let least = { inertia: Infinity, row: -1, cluster: -1 };
  for (let draw = 0; draw < DRAWS; draw++) {
    const row = drawByWeight(near.first, near.blocks, random.uniform() * near.inertia);
    const { inertia, cluster } = leastMissed(points, centroids.rows, near, row);
    if (inertia < least.inertia) least = { inertia, row, cluster };
  }
  const swapped = centroids.values.slice();
  swapped.set(values.subarray(least.row * columns, (least.row + 1) * columns), least.cluster * columns);
  return { rows: centroids.rows, columns, values: swapped };
}

interface TwoNearest {
  readonly labels: Int32Array;
  /** Squared distances to the nearest centroid and to the one after it. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** Sums of `first` by blocks, and of all. */
  readonly blocks: Float64Array;
  readonly inertia: number;
}

function twoNearest({ rows, columns, values }: Matrix<Float64Array>, centroids: Matrix<Float64Array>): TwoNearest {
  const labels = new Int32Array(rows);
  const first = new Float64Array(rows).fill(Infinity);
  const second = new Float64Array(rows).fill(Infinity);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < centroids.rows; c++) {
      const distance = squaredDistance(values, i * columns, centroids.values, c * columns, columns);
      if (distance < first[i]) {
        second[i] = first[i];
        first[i] = distance;
        labels[i] = c;
      } else if (distance < second[i]) second[i] = distance;
    }
  }
  const blocks = sumBlocks(first);
  return { labels, first, second, blocks, inertia: sumOf(blocks) };
}

/** The cluster whose centroid is missed least when `row` becomes one, and the inertia that the swap leaves. */
function leastMissed({ rows, columns, values }: Matrix<Float64Array>, k: number, near: TwoNearest, row: number) {
  let kept = 0;
  const missed = new Float64Array(k);
  for (let i = 0; i < rows; i++) {
    const distance = squaredDistance(values, i * columns, values, row * columns, columns);
    const own = Math.min(distance, near.first[i]);
    kept += own;
    missed[near.labels[i]] += Math.min(distance, near.second[i]) - own;
  }
  let cluster = 0;
  for (let c = 1; c < k; c++) if (missed[c] < missed[cluster]) cluster = c;
  return { cluster, inertia: kept + missed[cluster] };
}
