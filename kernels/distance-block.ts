import type { Matrix } from './matrix.js';

/** Queries that are compared with the reference at once. */
export const LANES = 4;

/** Squared distances of rows whose squared lengths are below this are numbers in float32. */
const LONGEST = 2 ** 125;

/** Squared lengths of the rows. Throws RangeError for a row so long that its distances are not numbers in float32. */
export function squaredLengths({ rows, columns, values }: Matrix<Float64Array>): Float64Array {
  const lengths = new Float64Array(rows);
  for (let i = 0, at = 0; i < rows; i++) {
    let sum = 0;
    for (let c = 0; c < columns; c++, at++) sum += values[at] * values[at];
    if (sum >= LONGEST) {
      throw new RangeError(
        `Expected rows of a length below ${Math.sqrt(LONGEST).toPrecision(2)}, got row ${i}: scale it`,
      );
    }
    lengths[i] = sum;
  }
  return lengths;
}

/** Room for four rows of `columns` values beside each other, which `distanceBlock` fills. */
export const laneBuffer = (columns: number): Float64Array => new Float64Array(LANES * columns);

/**
 * Squared Euclidean distances of four rows of `queries`, from row `first`, to all rows of `reference`, as
 * |q|² + |r|² - 2qr in float64, rounded to float32: row `lane` of `out` (4 x reference rows). Rows past the last query
 * repeat it.
 *
 * Expanding the square costs two thirds of the work and the digits of small distances: about 1e-16 of the squared lengths,
 * which is enough to count neighbours. Every pair is added up in the same order, so equal rows are equally far, and a
 * distance does not depend on the lane.
 */
export function distanceBlock(
  queries: Matrix<Float64Array>,
  queryLengths: Float64Array,
  first: number,
  reference: Matrix<Float64Array>,
  referenceLengths: Float64Array,
  lanes: Float64Array,
  out: Float32Array,
): void {
  const { columns } = queries;
  const { rows, values } = reference;
  const queryOf = (lane: number): number => Math.min(first + lane, queries.rows - 1);
  // Side by side: the four values of a column are next to each other, which is twice as fast as four rows.
  for (let lane = 0; lane < LANES; lane++) {
    const start = queryOf(lane) * columns;
    for (let c = 0; c < columns; c++) lanes[c * LANES + lane] = queries.values[start + c];
  }
  const l0 = queryLengths[queryOf(0)];
  const l1 = queryLengths[queryOf(1)];
  const l2 = queryLengths[queryOf(2)];
  const l3 = queryLengths[queryOf(3)];
  for (let a = 0; a < rows; a += 2) {
    // Two rows at a time; an odd last one goes with itself.
    const b = Math.min(a + 1, rows - 1);
    const end = (a + 1) * columns;
    const step = (b - a) * columns;
    let a0 = 0;
    let a1 = 0;
    let a2 = 0;
    let a3 = 0;
    let b0 = 0;
    let b1 = 0;
    let b2 = 0;
    let b3 = 0;
    for (let i = a * columns, at = 0; i < end; i++, at += 4) {
      const ofA = values[i];
      const ofB = values[i + step];
      const q0 = lanes[at];
      const q1 = lanes[at + 1];
      const q2 = lanes[at + 2];
      const q3 = lanes[at + 3];
      a0 += ofA * q0;
      a1 += ofA * q1;
      a2 += ofA * q2;
      a3 += ofA * q3;
      b0 += ofB * q0;
      b1 += ofB * q1;
      b2 += ofB * q2;
      b3 += ofB * q3;
    }
    const lengthA = referenceLengths[a];
    const lengthB = referenceLengths[b];
    out[a] = Math.max(0, l0 + lengthA - 2 * a0);
    out[rows + a] = Math.max(0, l1 + lengthA - 2 * a1);
    out[2 * rows + a] = Math.max(0, l2 + lengthA - 2 * a2);
    out[3 * rows + a] = Math.max(0, l3 + lengthA - 2 * a3);
    out[b] = Math.max(0, l0 + lengthB - 2 * b0);
    out[rows + b] = Math.max(0, l1 + lengthB - 2 * b1);
    out[2 * rows + b] = Math.max(0, l2 + lengthB - 2 * b2);
    out[3 * rows + b] = Math.max(0, l3 + lengthB - 2 * b3);
  }
}
