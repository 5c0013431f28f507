import { type Steps, rowSteps } from './steps.js';

/**
 * A table of numbers in row-major order: row `i` is `values[i * columns]` to `values[(i + 1) * columns - 1]`.
 * Plain data: it can be posted to a thread as it is, and shared when `values` lies on a SharedArrayBuffer.
 */
export interface Matrix<V extends Float32Array | Float64Array = Float32Array> {
  readonly rows: number;
  readonly columns: number;
  readonly values: V;
}

/** A matrix of either precision. Every kernel computes in float64 whatever the precision of its input. */
export type AnyMatrix = Matrix<Float32Array | Float64Array>;

/** Row `i` as a view: writing to it writes to the matrix. Throws RangeError when there is no such row. */
export function row<V extends Float32Array | Float64Array>(matrix: Matrix<V>, i: number): V {
  if (!Number.isInteger(i) || i < 0 || i >= matrix.rows) {
    throw new RangeError(`Expected a row of 0..${matrix.rows - 1}, got ${i}`);
  }
  // `subarray` of V is a V: TypeScript loses that for a type parameter.
  return matrix.values.subarray(i * matrix.columns, (i + 1) * matrix.columns) as V;
}

/** The given rows, in that order, as a matrix of their own. */
export function rowsAt<V extends Float32Array | Float64Array>(
  { columns, values }: Matrix<V>,
  rows: Int32Array,
): Matrix<V> {
  const taken =
    values instanceof Float32Array ? new Float32Array(rows.length * columns) : new Float64Array(rows.length * columns);
  for (let at = 0; at < rows.length; at++) {
    taken.set(values.subarray(rows[at] * columns, (rows[at] + 1) * columns), at * columns);
  }
  // Of the type that `values` is of.
  return { rows: rows.length, columns, values: taken as V };
}

/**
 * Throws RangeError unless the matrix has at least one row and one column, exactly rows x columns values, and all of
 * them finite; the message names the first offending row and column, counted from 0. `name` says which matrix it is.
 */
export function checkMatrix(matrix: AnyMatrix, name = 'matrix'): void {
  checkLargest(matrix, name, Number.MAX_VALUE);
}

/** `checkMatrix` in steps. */
export function* checkMatrixInSteps(matrix: AnyMatrix, name = 'matrix'): Steps<void> {
  checkShape(matrix, name);
  for (const [from, to] of rowSteps(matrix.rows, matrix.columns)) {
    checkValues(matrix, name, Number.MAX_VALUE, from * matrix.columns, to * matrix.columns);
    yield;
  }
}

/**
 * The largest magnitude whose squared differences, summed over every value a typed array can hold (2^33), stay finite
 * in float64. Every float32 is far below it.
 */
const largestForDistances = 1e148;

/**
 * The matrix in float64, checked as `checkMatrix` does; also throws RangeError for a magnitude above 1e148, whose
 * squares would overflow. Float64 values are not copied. Distance loops thus see one type of array only, which keeps
 * them compiled for it.
 */
export function matrixForDistances(matrix: AnyMatrix, name = 'matrix'): Matrix<Float64Array> {
  checkLargest(matrix, name, largestForDistances);
  const { rows, columns, values } = matrix;
  return { rows, columns, values: values instanceof Float64Array ? values : Float64Array.from(values) };
}

function checkLargest(matrix: AnyMatrix, name: string, largest: number): void {
  checkShape(matrix, name);
  checkValues(matrix, name, largest, 0, matrix.values.length);
}

function checkShape({ rows, columns, values }: AnyMatrix, name: string): void {
  if (!Number.isInteger(rows) || !Number.isInteger(columns) || rows < 1 || columns < 1) {
    throw new RangeError(`Expected ${name} to have at least 1 row and 1 column, got ${rows} x ${columns}`);
  }
  if (values.length !== rows * columns) {
    throw new RangeError(
      `Expected ${name} of ${rows} x ${columns} to have ${rows * columns} values, got ${values.length}`,
    );
  }
}

function checkValues({ columns, values }: AnyMatrix, name: string, largest: number, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const value = values[i];
    // False for NaN too.
    if (Math.abs(value) <= largest) continue;
    const place = `at row ${Math.floor(i / columns)}, column ${i % columns}`;
    throw Number.isFinite(value)
      ? new RangeError(`Expected values of at most ${largest} in ${name}, got ${value} ${place}: scale the column`)
      : new RangeError(`Expected finite values in ${name}, got ${value} ${place}`);
  }
}
