import { BLOCK_ROWS, sumOf } from '../block-sums.js';
import { fillEmptyClusters } from '../fill-empty-clusters.js';
import type { LloydOptions } from '../lloyd.js';
import { squaredDistance } from '../squared-distance.js';
import { type FitWork, decideOnce } from './kmeans-arrays.js';
import type { PreparedPoints } from './prepare-on-crew.js';

enum Next {
  Assign,
  Fill,
  AssignAndEnd,
  End,
}

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
    // The values are those of the enumeration.
    next = decideOnce(work, () => {
      const changed = carryChanges(work, k);
      if (last || iterations === maxIterations) return Next.End;
      onIteration?.(iterations + 1);
      if (changed === 0) return Next.End;
      return of.counts.subarray(0, k).includes(0) ? Next.Fill : moveOn(work, prepared, k, shiftTolerance);
    }) as Next;
    // Counted where `lloyd` counts: not the labelling that follows the last move.
    if (!last && iterations < maxIterations) iterations++;
    if (next === Next.Fill) {
      measureOwn(work);
      next = decideOnce(work, () => {
        fillEmpty(work, k);
        return moveOn(work, prepared, k, shiftTolerance);
      }) as Next;
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
export function labelAnew(work: FitWork, prepared: PreparedPoints, k: number): void {
  start(work, prepared, k, 'unknown');
  assign(work, prepared, k, true);
  decideOnce(work, () => carryChanges(work, k));
}

/**
 * As `labelAnew`, where the centroids are those that the labels are of, in another order: `ranks` has for each label the
 * place of its centroid now. Only points that are as near to one as to another are measured again.
 */
export function labelReordered(work: FitWork, prepared: PreparedPoints, k: number, ranks: Int32Array): void {
  const { of, share } = work;
  for (let i = share.from; i < share.to; i++) of.labels[i] = ranks[of.labels[i]];
  start(work, prepared, k, 'bounded');
  assign(work, prepared, k, true);
  decideOnce(work, () => carryChanges(work, k));
}

/** Makes ready for a fresh assignment. */
function start(work: FitWork, prepared: PreparedPoints, k: number, labels: 'bounded' | 'unknown'): void {
  const { crew, of, share } = work;
  // All have read what is forgotten.
  crew.meet();
  if (labels === 'unknown') {
    of.labels.fill(0, share.from, share.to);
    of.upper.fill(Infinity, share.from, share.to);
    of.lower.fill(0, share.from, share.to);
  }
  if (crew.index === 0) {
    of.sums.fill(0);
    of.counts.fill(0);
    of.squares.fill(0);
    prepareCentroids(work, prepared, k, new Float64Array(k));
  }
  crew.meet();
}

function assign({ crew, kernels, pointsAt, stride, share, relative, at, of }: FitWork, prepared: PreparedPoints, k: number, fresh: boolean): void {
  const sums = crew.index * k * stride;
  const counts = crew.index * k;
  of.changedSums.fill(0, sums, sums + k * stride);
  of.changedCounts.fill(0, counts, counts + k);
  of.changedSquares.fill(0, counts, counts + k);
  of.changed[crew.index] = kernels.assignRows(
    pointsAt.points.offset,
    pointsAt.whole.offset,
    pointsAt.norms.offset,
    stride,
    share.from,
    share.to,
    k,
    at.centroids.offset,
    at.rounded.offset,
    at.wholeRows.offset,
    at.wholeLanes.offset,
    at.wholeNorms.offset,
    at.scores.offset + crew.index * (at.scores.length / crew.size) * 4,
    at.moves.offset,
    relative,
    // Rounded in float32, which the margin has room for.
    1 / relative,
    of.control[1],
    prepared.unit,
    of.control[2],
    at.labels.offset,
    at.upper.offset,
    at.lower.offset,
    at.changedSums.offset + sums * 8,
    at.changedCounts.offset + counts * 4,
    at.changedSquares.offset + counts * 8,
    Number(fresh),
  );
}

/** Brings the sums of the clusters up to date. Returns how many labels changed. */
function carryChanges({ crew, stride, of }: FitWork, k: number): number {
  let changed = 0;
  for (let member = 0; member < crew.size; member++) {
    changed += of.changed[member];
    for (let c = 0; c < k; c++) {
      of.counts[c] += of.changedCounts[member * k + c];
      of.squares[c] += of.changedSquares[member * k + c];
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
  const shifts = new Float64Array(k);
  let squares = 0;
  for (let c = 0; c < k; c++) {
    const square = squaredDistance(before, c * stride, centroids, c * stride, stride);
    shifts[c] = Math.sqrt(square);
    squares += square;
  }
  prepareCentroids(work, prepared, k, shifts);
  return squares <= shiftTolerance ? Next.AssignAndEnd : Next.Assign;
}

/** Writes what `assignRows` reads of the centroids, and by how much at most they were rounded. */
function prepareCentroids(work: FitWork, prepared: PreparedPoints, k: number, shifts: Float64Array): void {
  const { stride, of } = work;
  const { unit, error } = prepared;
  const { centroids, rounded, wholeRows, wholeLanes, wholeNorms, control } = of;
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
      wholeLanes[laneOf(c, i, k, stride)] = whole;
      wholeSquare += (centroids[at] - whole * unit) ** 2;
      norm += whole * whole;
    }
    wholeNorms[c] = norm;
    roundedOff = Math.max(roundedOff, square);
    wholeOff = Math.max(wholeOff, wholeSquare);
  }
  // Past the last one: as far away as a number can say.
  wholeNorms.fill(2 ** 31 - 1, k);
  // The power is for squares that float32 rounds to 0.
  control[1] = above(Math.sqrt(roundedOff) + 2 ** -60);
  control[2] = above(Math.sqrt(wholeOff) + error + 2 ** -60);
  writeMoves(work, prepared.unit, k, shifts);
}

/** Where a column of a centroid is among the lanes: groups of four are taken three at a time while more than two are left. */
function laneOf(c: number, column: number, k: number, stride: number): number {
  const dozens = Math.floor((k + 3) / 12) * 12;
  const start = c < dozens ? Math.floor(c / 12) * 12 : c & ~3;
  const width = c < dozens ? 12 : 4;
  return start * stride + (column & ~1) * width + (c - start) * 2 + (column & 1);
}

/**
 * A centroid that is more than so many times as far from another as the points of that one are, on average, is far from it:
 * few of its points look at it.
 */
const FAR = 5;

function writeMoves({ stride, of }: FitWork, unit: number, k: number, shifts: Float64Array): void {
  const { centroids, counts, squares, moves } = of;
  const distances = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    let nearest = Infinity;
    let length = 0;
    for (let i = c * stride; i < (c + 1) * stride; i++) length += centroids[i] ** 2;
    for (let other = 0; other < k; other++) {
      if (other === c) continue;
      const square = squaredDistance(centroids, c * stride, centroids, other * stride, stride);
      distances[other] = Math.sqrt(square);
      nearest = Math.min(nearest, distances[other]);
    }
    // Where nothing is known of its points yet, no other centroid is far.
    const far = counts[c] === 0 ? Infinity : FAR * Math.sqrt(Math.max(0, (squares[c] / counts[c]) * unit ** 2 - length));
    let nearShift = 0;
    let farGap = Infinity;
    for (let other = 0; other < k; other++) {
      if (other === c) continue;
      if (distances[other] > far) farGap = Math.min(farGap, distances[other]);
      else nearShift = Math.max(nearShift, shifts[other]);
    }
    moves.set([above(shifts[c]), above(nearShift), under(farGap), under(nearest / 2)], 4 * c);
  }
}

/** A float32 below a number of float64. */
const under = (value: number): number => Math.fround(value * (1 - 2 ** -22));

/** Measures all points from the centroids of their labels. */
function measureOwn({ crew, kernels, pointsAt, stride, share, at }: FitWork): void {
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
function fillEmpty({ stride, values, norms, of }: FitWork, k: number): void {
  const { labels, counts, sums, squares, lower } = of;
  const before = labels.slice();
  fillEmptyClusters(labels, of.distances, k);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === before[i]) continue;
    // The bound is for the label it had.
    lower[i] = 0;
    counts[before[i]]--;
    counts[labels[i]]++;
    squares[before[i]] -= norms[i];
    squares[labels[i]] += norms[i];
    for (let c = 0; c < stride; c++) {
      sums[before[i] * stride + c] -= values[i * stride + c];
      sums[labels[i] * stride + c] += values[i * stride + c];
    }
  }
}

/** A float32 above a number of float64. */
const above = (value: number): number => Math.fround(value * (1 + 2 ** -22));
