import { checkInteger } from './check-integer.js';
import { LANES, distanceBlock, laneBuffer, squaredLengths } from './distance-block.js';
import { kthSmallest } from './kth-smallest.js';
import type { AnyMatrix } from './matrix.js';
import type { OnProgress } from './progress.js';
import { weightedRows } from './weighted-rows.js';

export interface SeedSearch {
  readonly points: AnyMatrix;
  /** What each column is multiplied by, one a column of `points`; 0 leaves one out. */
  readonly multipliers: Float64Array;
  /** Rows of `points` that are looked at. */
  readonly rows: Int32Array;
  /** Rows of `points` that are seeds, each once, at least one. */
  readonly seeds: Int32Array;
  /** Rows of `points` that stand for everyone else, each once, none of them a seed. */
  readonly background: Int32Array;
  /** How many neighbours among seeds and background, ascending; may be empty. */
  readonly ks: readonly number[];
}

export interface SeedNeighbours {
  /**
   * Rows x ks: how many of the `k` nearest among seeds and background are seeds. Of those that are equally far as the
   * `k`-th, seeds count with their share among them: so the answer does not depend on an order.
   */
  readonly counts: Float64Array;
  /** Of each row, the Euclidean distance to the nearest seed. */
  readonly nearestSeed: Float64Array;
  /** Of each row, the mean Euclidean distance to the seeds. */
  readonly meanDistance: Float64Array;
}

/**
 * How much each of `rows` keeps company with seeds, by comparing it with every seed and every background row. A row that
 * is itself one of those is not compared with itself; exact duplicates of it are.
 *
 * Throws RangeError for `ks` that are not ascending or above what there is to compare with.
 */
export function seedNeighbours(search: SeedSearch, onProgress?: OnProgress): SeedNeighbours {
  const { points, multipliers, rows, seeds, background, ks } = search;
  checkInteger('seeds.length', seeds.length, 1, points.rows, `1..${points.rows}`);
  const compared = new Int32Array(seeds.length + background.length);
  compared.set(seeds);
  compared.set(background, seeds.length);
  const most = compared.length - 1;
  for (const [i, k] of ks.entries()) checkInteger(`ks[${i}]`, k, (ks[i - 1] ?? 0) + 1, most, `ascending, 1..${most}`);
  const reference = weightedRows(points, compared, multipliers);
  const queries = weightedRows(points, rows, multipliers);
  const placeOf = new Map(Array.from(compared, (row, place) => [row, place]));
  const referenceLengths = squaredLengths(reference);
  const queryLengths = squaredLengths(queries);

  const counts = new Float64Array(rows.length * ks.length);
  const nearestSeed = new Float64Array(rows.length);
  const meanDistance = new Float64Array(rows.length);
  const lanes = laneBuffer(queries.columns);
  const block = new Float32Array(LANES * reference.rows);
  const scratch = [new Float32Array(reference.rows), new Float32Array(seeds.length)] as const;
  for (let first = 0; first < rows.length; first += LANES) {
    distanceBlock(queries, queryLengths, first, reference, referenceLengths, lanes, block);
    for (let row = first; row < Math.min(first + LANES, rows.length); row++) {
      const distances = block.subarray((row - first) * reference.rows, (row - first + 1) * reference.rows);
      const self = placeOf.get(rows[row]);
      if (self !== undefined) distances[self] = Infinity;
      const ofSeeds = distances.subarray(0, seeds.length);
      countSeeds(distances, ofSeeds, ks, scratch, counts.subarray(row * ks.length, (row + 1) * ks.length));
      let nearest = Infinity;
      let sum = 0;
      for (let i = 0; i < seeds.length; i++) {
        if (i === self) continue;
        const distance = Math.sqrt(ofSeeds[i]);
        nearest = Math.min(nearest, distance);
        sum += distance;
      }
      nearestSeed[row] = nearest;
      meanDistance[row] = sum / (self !== undefined && self < seeds.length ? seeds.length - 1 : seeds.length);
    }
    onProgress?.({ phase: 'neighbours', rows: Math.min(first + LANES, rows.length), of: rows.length });
  }
  return { counts, nearestSeed, meanDistance };
}

/** For each k, the seeds among the k nearest: those nearer than the k-th, and their share of those as far as it. */
function countSeeds(
  distances: Float32Array,
  ofSeeds: Float32Array,
  ks: readonly number[],
  [all, some]: readonly [Float32Array, Float32Array],
  counts: Float64Array,
): void {
  if (ks.length === 0) return;
  all.set(distances);
  const farthest = kthSmallest(all, ks[ks.length - 1]);
  const near = sortedUpTo(distances, farthest, all);
  const seedsNear = sortedUpTo(ofSeeds, farthest, some);
  for (let i = 0; i < ks.length; i++) {
    const kth = near[ks[i] - 1];
    const [below, upTo] = [lowerBound(near, kth), upperBound(near, kth)];
    const [seedsBelow, seedsUpTo] = [lowerBound(seedsNear, kth), upperBound(seedsNear, kth)];
    counts[i] = seedsBelow + ((ks[i] - below) * (seedsUpTo - seedsBelow)) / (upTo - below);
  }
}

/** The values up to `bound` in ascending order, in `room`. */
function sortedUpTo(values: Float32Array, bound: number, room: Float32Array): Float32Array {
  let found = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] <= bound) room[found++] = values[i];
  }
  const sorted = room.subarray(0, found);
  sorted.sort();
  return sorted;
}

/** How many of the ascending `values` are below `bound`. */
function lowerBound(values: Float32Array, bound: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the ascending `values` are at most `bound`. */
function upperBound(values: Float32Array, bound: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
