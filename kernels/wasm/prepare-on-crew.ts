import { BLOCK_ROWS, sumOf } from '../block-sums.js';
import { gridRounder, scaleFor } from '../grid.js';
import { type AnyMatrix, checkMatrix } from '../matrix.js';
import { type FitWork, decideOnce } from './kmeans-arrays.js';

export interface PreparedPoints extends Units {
  /**
   * The power of two that the values were multiplied with, so that none is above 1: float32 squares do not overflow, and
   * every result is that of the values themselves times a power of two.
   */
  readonly scale: number;
  /** The mean of the variances of the columns, of the values as they are now. */
  readonly variance: number;
}

/** The whole numbers that points are also in. */
export interface Units {
  /** What one of them is, and how far a point is from its own at most. */
  readonly unit: number;
  readonly error: number;
}

/**
 * So long at most, in units, is a point before its columns are rounded, and hardly above 22,690 then for 2^20 columns: the square
 * of a distance between two is below 2^31.
 */
const LONGEST = 22_000;

/**
 * Puts the points on their grid, see `onGrid`, in place. Every member of the crew calls it. Undefined where a value is not
 * finite: for that the first member throws RangeError. The whole numbers have room for the centroids of `initial` too.
 */
export function prepareOnCrew(work: FitWork, initial?: AnyMatrix): PreparedPoints | undefined {
  const { crew, kernels, rows, columns, stride, share, pointsAt, values, at, of } = work;
  const start = pointsAt.points.offset + share.from * stride * 4;
  const end = pointsAt.points.offset + share.to * stride * 4;
  of.changedSums[crew.index * stride] = kernels.largestMagnitude(start, end);
  const largest = decideOnce(work, () => {
    let largest = 0;
    for (let member = 0; member < crew.size; member++) largest = Math.max(largest, of.changedSums[member * stride]);
    return largest;
  });
  if (!Number.isFinite(largest)) {
    if (crew.index > 0) return undefined;
    const unpadded = Float32Array.from(
      { length: rows * columns },
      (_, i) => values[Math.floor(i / columns) * stride + (i % columns)],
    );
    checkMatrix({ rows, columns, values: unpadded });
    throw new RangeError(`Expected finite values in matrix, got ${largest}`);
  }
  const scale = scaleFor(largest);
  kernels.toGrid(start, end, scale, gridRounder(largest * scale, rows));

  of.changedSums.fill(0, crew.index * stride, (crew.index + 1) * stride);
  of.labels.fill(0, share.from, share.to);
  kernels.sumRows(
    pointsAt.points.offset,
    stride,
    share.from,
    share.to,
    at.changedSums.offset + crew.index * stride * 8,
  );
  decideOnce(work, () => {
    of.centroids.fill(0, 0, stride);
    for (let i = 0; i < crew.size * stride; i++) of.centroids[i % stride] += of.changedSums[i];
    for (let c = 0; c < stride; c++) of.centroids[c] /= rows;
    return 0;
  });
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
  const variance = decideOnce(work, () => sumOf(of.blocks) / (rows * columns));
  const { unit, error } = roundToUnits(work, initial === undefined ? 0 : lengthOfLongest(initial) * scale);
  return { scale, variance, unit, error };
}

/** The length of the longest row. */
export function lengthOfLongest({ rows, columns, values }: AnyMatrix): number {
  let longest = 0;
  for (let i = 0; i < rows; i++) {
    let length = 0;
    // By pairs: squares of large values overflow, and a call takes only so many arguments.
    for (let c = 0; c < columns; c++) length = Math.hypot(length, values[i * columns + c]);
    longest = Math.max(longest, length);
  }
  return longest;
}

/**
 * Writes the points, which are on their grid, in whole units, so small that points as long as `atLeast` have room too. Every
 * member of the crew calls it.
 */
export function roundToUnits(work: FitWork, atLeast: number): Units {
  const { crew, kernels, stride, share, pointsAt, of } = work;
  const own = crew.index * stride;
  const largestOf = (): number => {
    let largest = 0;
    for (let member = 0; member < crew.size; member++) largest = Math.max(largest, of.changedSums[member * stride]);
    return largest;
  };
  of.changedSums[own] = kernels.largestSquare(pointsAt.points.offset, stride, share.from, share.to);
  const longest = decideOnce(work, () => Math.max(atLeast, Math.sqrt(largestOf())));
  const units = Math.fround(longest === 0 ? 1 : LONGEST / longest);
  of.changedSums[own] = kernels.toUnits(
    pointsAt.points.offset,
    stride,
    share.from,
    share.to,
    units,
    pointsAt.whole.offset,
    pointsAt.norms.offset,
  );
  const off = decideOnce(work, () => Math.sqrt(largestOf()));
  // A product of float32 is off by half a step of the largest: 2^-10 of a unit in each column.
  return { unit: 1 / units, error: ((off + 2 ** -9 * Math.sqrt(stride)) / units) * (1 + 1e-6) };
}
