import { BLOCK_ROWS, sumOf } from '../block-sums.js';
import { fillEmptyClusters } from '../fill-empty-clusters.js';
import type { LloydOptions } from '../lloyd.js';
import { squaredDistance } from '../squared-distance.js';
import { BOUNDED_ROWS, type FitWork, decideOnce } from './kmeans-arrays.js';
import { writeLabelling } from './labelling.js';
import type { PreparedPoints, Units } from './prepare-on-crew.js';

enum Next {
  Assign,
  Fill,
  AssignAndEnd,
  End,
}

/** Farther than any point is from another, in whole units. */
const FAR_AWAY = 1_000_000;

/**
 * Added to the square of a point, in whole units, it is above that of any of its distances, and below 2^31: points and
 * centroids are at most 22,690 long.
 */
const PAST_LAST = 1_600_000_000;

/** Bounds are brought up to date when a centroid has moved so far: they have room for 65,535. */
const LONG_DRIFT = 15_000;

export interface CrewLloyd {
  readonly inertia: number;
  readonly iterations: number;
}

/**
 * `lloyd` from the first `k` of the centroids in `work`, on points on a grid: the same labels, centroids and inertia, bit
 * for bit, which it leaves in `work`. Every member of the crew calls it. `labels` says whether labels and bounds are those of
 * the centroids already.
 *
 * A label is that of the least distance in float64. Nearly all are found without measuring one: in float32, with bounds
 * that err on the safe side, after G. Hamerly, "Making k-means even faster", SDM 2010. What they leave open is measured in
 * float64. Sums of clusters are carried along with the labels that change: on a grid they are exact, in any order.
 */
export function lloydOnCrew(
  work: FitWork,
  prepared: PreparedPoints,
  k: number,
  labels: 'bounded' | 'unknown',
  { maxIterations, shiftTolerance, onIteration }: LloydOptions,
): CrewLloyd {
  const { of } = work;
  start(work, prepared, k, labels);
  let fresh = true;
  let iterations = 0;
  let next = Next.Assign;
  while (next !== Next.End) {
    const last = next === Next.AssignAndEnd;
    assign(work, prepared, k, fresh);
    fresh = false;
    next = decideOnce(work, () => {
      const changed = carryChanges(work, k);
      if (last || iterations === maxIterations) return Next.End;
      onIteration?.(iterations + 1);
      if (changed === 0) return Next.End;
      return of.counts.subarray(0, k).includes(0) ? Next.Fill : moveOn(work, prepared, k, shiftTolerance);
    });
    // Counted where `lloyd` counts: not the labelling that follows the last move.
    if (!last && iterations < maxIterations) iterations++;
    if (next === Next.Fill) {
      measureOwn(work);
      next = decideOnce(work, () => {
        fillEmpty(work, k);
        return moveOn(work, prepared, k, shiftTolerance);
      });
    }
  }
  measureOwn(work);
  const inertia = decideOnce(work, () => sumOf(of.blocks));
  return { inertia, iterations };
}

/**
 * Labels all points with the nearest of the first `k` centroids, whatever labels there were, and counts them. Every
 * member of the crew calls it.
 */
export function labelAnew(work: FitWork, prepared: Units, k: number): void {
  start(work, prepared, k, 'unknown');
  assign(work, prepared, k, true);
  decideOnce(work, () => carryChanges(work, k));
}

/**
 * As `labelAnew`, where the centroids are those that the labels are of, in another order: `chosen` in `work` has
 * for each label the place of its centroid now. Only points that are as near to one as to another are measured again.
 */
export function labelReordered(work: FitWork, prepared: PreparedPoints, k: number): void {
  const { kernels, at, share } = work;
  settle(work, k);
  kernels.renumber(share.from, share.to, k, at.chosen.offset, at.labels.offset, at.bounds.offset);
  start(work, prepared, k, 'bounded');
  assign(work, prepared, k, true);
  decideOnce(work, () => carryChanges(work, k));
}

/** Makes ready for a fresh assignment. */
function start(work: FitWork, prepared: Units, k: number, labels: 'bounded' | 'unknown'): void {
  const { crew, of, share } = work;
  // All have read what is forgotten.
  crew.meet();
  if (labels === 'unknown') {
    of.labels.fill(0, share.from, share.to);
    of.upper.fill(FAR_AWAY, share.from, share.to);
    for (let block = share.from; block < share.to; block += BOUNDED_ROWS) {
      of.bounds.fill(-1, block * k, block * k + BOUNDED_ROWS);
      of.bounds.fill(0, block * k + BOUNDED_ROWS, (block + BOUNDED_ROWS) * k);
    }
  }
  if (crew.index === 0) {
    of.sums.fill(0);
    of.counts.fill(0);
    of.moved.fill(0);
    of.drifts.fill(0);
    of.driftsBelow.fill(0);
    of.drift.fill(0);
    prepareCentroids(work, prepared, k);
  }
  crew.meet();
}

function assign(work: FitWork, prepared: Units, k: number, fresh: boolean): void {
  const { crew, kernels, stride, share, of } = work;
  if (of.control[3] === 1) settle(work, k);
  const sums = crew.index * k * stride;
  const counts = crew.index * k;
  of.changedSums.fill(0, sums, sums + k * stride);
  of.changedCounts.fill(0, counts, counts + k);
  const labelling = writeLabelling(work, prepared, k);
  of.changed[crew.index] = kernels.assignRows(labelling, share.from, share.to, Number(fresh));
}

/** Brings the bounds up to date, before the drifts become larger than they can say. */
function settle({ crew, kernels, share, at, of }: FitWork, k: number): void {
  kernels.settleBounds(
    share.from,
    share.to,
    k,
    at.drifts.offset,
    at.drift.offset,
    at.labels.offset,
    at.upper.offset,
    at.bounds.offset,
  );
  crew.meet();
  if (crew.index === 0) {
    of.moved.fill(0);
    of.drifts.fill(0);
    of.driftsBelow.fill(0);
    of.drift.fill(0);
    of.control[3] = 0;
  }
  crew.meet();
}

/** Brings the sums of the clusters up to date. Returns how many labels changed. */
function carryChanges({ crew, stride, of }: FitWork, k: number): number {
  let changed = 0;
  for (let member = 0; member < crew.size; member++) {
    changed += of.changed[member];
    for (let c = 0; c < k; c++) {
      of.counts[c] += of.changedCounts[member * k + c];
    }
    for (let i = 0; i < k * stride; i++) of.sums[i] += of.changedSums[member * k * stride + i];
  }
  return changed;
}

/** Moves the centroids to the means, and says how it goes on. */
function moveOn(work: FitWork, prepared: PreparedPoints, k: number, shiftTolerance: number): Next {
  const { stride, of } = work;
  const { centroids, sums, counts } = of;
  const before = centroids.slice(0, k * stride);
  for (let c = 0; c < k; c++) {
    if (counts[c] === 0) continue;
    for (let i = c * stride; i < (c + 1) * stride; i++) centroids[i] = sums[i] / counts[c];
  }
  let squares = 0;
  for (let c = 0; c < k; c++) {
    const square = squaredDistance(before, c * stride, centroids, c * stride, stride);
    squares += square;
    of.moved[c] += (Math.sqrt(square) / prepared.unit) * (1 + 1e-9);
    of.drifts[c] = Math.ceil(of.moved[c]);
    of.driftsBelow[c] = Math.floor(of.moved[c]);
    of.drift.fill(Math.min(of.drifts[c], 65_535), 8 * c, 8 * c + 8);
    if (of.drifts[c] > LONG_DRIFT) of.control[3] = 1;
  }
  prepareCentroids(work, prepared, k);
  return squares <= shiftTolerance ? Next.AssignAndEnd : Next.Assign;
}

/** Writes what `assignRows` reads of the centroids, and by how much at most they were rounded. */
function prepareCentroids({ stride, of }: FitWork, { unit, error }: Units, k: number): void {
  const { centroids, rounded, wholeRows, wholeNorms, control } = of;
  let roundedOff = 0;
  let wholeOff = 0;
  for (let c = 0; c < k; c++) {
    let square = 0;
    let wholeSquare = 0;
    let norm = 0;
    for (let i = 0; i < stride; i++) {
      const at = c * stride + i;
      rounded[at] = centroids[at];
      square += (centroids[at] - rounded[at]) ** 2;
      const whole = Math.round(centroids[at] / unit);
      wholeRows[at] = whole;
      wholeSquare += (centroids[at] - whole * unit) ** 2;
      norm += whole * whole;
    }
    wholeNorms[c] = norm;
    roundedOff = Math.max(roundedOff, square);
    wholeOff = Math.max(wholeOff, wholeSquare);
  }
  // Past the last one: farther than any is.
  wholeNorms.fill(PAST_LAST, k);
  wholeRows.fill(0, k * stride);
  // The power is for squares that float32 rounds to 0.
  control[1] = above(Math.sqrt(roundedOff) + 2 ** -60);
  // Of a unit, the root of a square is off by less than a hundredth.
  control[2] = above((Math.sqrt(wholeOff) + error) / unit + 0.01);
}

/** Measures all points from the centroids of their labels; when all have come here, sums by blocks are in `blocks`. */
export function measureOwn({ crew, kernels, pointsAt, stride, share, at }: FitWork): void {
  crew.meet();
  kernels.ownDistances(
    pointsAt.points.offset,
    stride,
    share.from,
    share.to,
    at.centroids.offset,
    at.labels.offset,
    at.distances.offset,
    BLOCK_ROWS,
    at.blocks.offset,
  );
}

/** Gives empty clusters points of others, see `fillEmptyClusters`; their sums and bounds follow. */
function fillEmpty({ stride, values, of }: FitWork, k: number): void {
  const { labels, counts, sums, upper, bounds } = of;
  const before = labels.slice();
  fillEmptyClusters(labels, of.distances, k);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === before[i]) continue;
    // Its bounds are for the label it had.
    upper[i] = FAR_AWAY;
    const block = i - (i % BOUNDED_ROWS);
    for (let c = 0; c < k; c++) bounds[block * k + c * BOUNDED_ROWS + (i - block)] = c === labels[i] ? -1 : 0;
    counts[before[i]]--;
    counts[labels[i]]++;
    for (let c = 0; c < stride; c++) {
      sums[before[i] * stride + c] -= values[i * stride + c];
      sums[labels[i] * stride + c] += values[i * stride + c];
    }
  }
}

/** A float32 above a number of float64. */
const above = (value: number): number => Math.fround(value * (1 + 2 ** -22));
