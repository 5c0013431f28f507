import type { Matrix } from './matrix.js';

/** Queries that are compared with the reference at once. */
export const LANES = 4;

/** Squared lengths of the rows. */
export function squaredLengths({ rows, columns, values }: Matrix<Float64Array>): Float64Array {
  const lengths = new Float64Array(rows);
  for (let i = 0, at = 0; i < rows; i++) {
    let sum = 0;
    for (let c = 0; c < columns; c++, at++) sum += values[at] * values[at];
    lengths[i] = sum;
  }
  return lengths;
}

/**
 * Squared Euclidean distances of four rows of `queries`, from row `first`, to all rows of `reference`, as
 * |q|² + |r|² - 2qr in float64, rounded to float32: row `lane` of `out` (4 x reference rows). Rows past the last query
 * repeat it.
 *
 * Expanding the square costs two thirds of the work and the digits of small distances: about 1e-16 of the squared lengths,
 * which is enough to count neighbours and too little to report a distance. Every pair is added up in the same order, so
 * equal rows are equally far, and a distance does not depend on the lane.
 */
export function distanceBlock(
  queries: Matrix<Float64Array>,
  queryLengths: Float64Array,
  first: number,
  reference: Matrix<Float64Array>,
  referenceLengths: Float64Array,
  out: Float32Array,
): void {
  const { columns, values: q } = queries;
  const { rows, values: r } = reference;
  const last = queries.rows - 1;
  const [lane1, lane2, lane3] = [Math.min(first + 1, last), Math.min(first + 2, last), Math.min(first + 3, last)];
  const [a, b, c, d] = [first * columns, lane1 * columns, lane2 * columns, lane3 * columns];
  const [la, lb, lc, ld] = [queryLengths[first], queryLengths[lane1], queryLengths[lane2], queryLengths[lane3]];
  for (let row = 0, at = 0; row < rows; row++, at += columns) {
    let pa = 0;
    let pb = 0;
    let pc = 0;
    let pd = 0;
    for (let i = 0; i < columns; i++) {
      const value = r[at + i];
      pa += value * q[a + i];
      pb += value * q[b + i];
      pc += value * q[c + i];
      pd += value * q[d + i];
    }
    const length = referenceLengths[row];
    out[row] = Math.max(0, la + length - 2 * pa);
    out[rows + row] = Math.max(0, lb + length - 2 * pb);
    out[2 * rows + row] = Math.max(0, lc + length - 2 * pc);
    out[3 * rows + row] = Math.max(0, ld + length - 2 * pd);
  }
}
