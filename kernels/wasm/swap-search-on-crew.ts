import { drawByWeight, sumBlocks, sumOf } from '../block-sums.js';
import type { Random } from '../random.js';
import { DRAWS, isLower } from '../swap-search.js';
import { type SwapWork, decideOnce } from './kmeans-arrays.js';

/** Centroids that Lloyd's algorithm has ended with. */
export interface Refined {
  readonly k: number;
  readonly centroids: Float64Array;
  readonly inertia: number;
  readonly iterations: number;
}

export interface CrewSwapSearch {
  readonly patience: number;
  readonly random: Random;
  /** Lloyd's algorithm from the first `k` centroids in the work that is searched. */
  refine(k: number): Refined;
}

/**
 * `searchBySwaps` on points that are prepared: the same centroids, bit for bit. Every member of the crew calls it; one
 * alone judges the swaps, all refine what they lead to.
 */
export function searchBySwapsOnCrew(
  swaps: SwapWork,
  start: Refined,
  { patience, random, refine }: CrewSwapSearch,
): Refined {
  const { work } = swaps;
  let best = start;
  let isNew = true;
  let failed = 0;
  while (failed < patience) {
    const isSwapped = decideOnce(work, () => {
      if (isNew) keepNearest(swaps, best);
      return Number(swapOne(swaps, best, random));
    });
    if (isSwapped === 0) return best;
    const found = refine(best.k);
    isNew = isLower(found.inertia, best.inertia);
    if (isNew) {
      best = found;
      failed = 0;
    } else failed++;
  }
  return best;
}

/** Writes for all points which centroid is the nearest, and how far that and the next one are. */
function keepNearest({ work, at }: SwapWork, { k, centroids }: Refined): void {
  const { kernels, pointsAt, stride, rows } = work;
  work.of.centroids.set(centroids);
  kernels.twoNearest(
    pointsAt.points.offset,
    stride,
    rows,
    k,
    work.at.centroids.offset,
    at.nearest.offset,
    at.first.offset,
    at.second.offset,
  );
}

/** Leaves in `work` the centroids after the best of some swaps; false where every point is on a centroid. */
function swapOne({ work, at, of }: SwapWork, { k, centroids }: Refined, random: Random): boolean {
  const { kernels, pointsAt, stride, rows, values } = work;
  const blocks = sumBlocks(of.first);
  const inertia = sumOf(blocks);
  if (inertia === 0) return false;
  let least = { inertia: Infinity, row: -1, cluster: -1 };
  for (let draw = 0; draw < DRAWS; draw++) {
    const row = drawByWeight(of.first, blocks, random.uniform() * inertia);
    of.row.set(values.subarray(row * stride, (row + 1) * stride));
    const missed = of.missed.subarray(0, k).fill(0);
    const kept = kernels.missWithout(
      pointsAt.points.offset,
      stride,
      rows,
      at.row.offset,
      at.nearest.offset,
      at.first.offset,
      at.second.offset,
      at.missed.offset,
    );
    let cluster = 0;
    for (let c = 1; c < k; c++) if (missed[c] < missed[cluster]) cluster = c;
    if (kept + missed[cluster] < least.inertia) least = { inertia: kept + missed[cluster], row, cluster };
  }
  work.of.centroids.set(centroids);
  work.of.centroids.set(values.subarray(least.row * stride, (least.row + 1) * stride), least.cluster * stride);
  return true;
}
