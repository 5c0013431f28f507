import { type Matrix, checkMatrixInSteps } from './matrix.js';
import { type Steps, atOnce, rowSteps } from './steps.js';

/** What `transformStandard` subtracts from each column, and then divides it by. Plain data, one entry a column. */
export interface StandardScaler {
  readonly means: readonly number[];
  readonly scales: readonly number[];
}

/**
 * Mean and population standard deviation of each column, as scikit-learn's StandardScaler.
 *
 * The variance is the corrected two-pass one, rows added in order (T. F. Chan, G. H. Golub, R. J. LeVeque, "Algorithms
 * for computing the sample variance", The American Statistician 37(3), 1983). Where it is within the rounding error
 * that the paper bounds, `n e v + (n m e)^2` for n rows of mean m and variance v, e = 2^-52, the column is taken for
 * constant and its scale is 1. A column of one value throughout has exactly that value as its mean, and so becomes
 * zeros.
 *
 * Throws RangeError for an empty matrix, values that are not finite, and a column whose variance overflows.
 */
export const fitStandardScaler = (matrix: Matrix<Float64Array>): StandardScaler =>
  atOnce(fitStandardScalerInSteps(matrix));

export function* fitStandardScalerInSteps(matrix: Matrix<Float64Array>): Steps<StandardScaler> {
  yield* checkMatrixInSteps(matrix);
  const means = yield* meansOf(matrix);
  const variances = yield* variancesOf(matrix, means);
  const scales: number[] = [];
  for (let column = 0; column < matrix.columns; column++) {
    const [mean, variance] = [means[column], variances[column]];
    if (!Number.isFinite(mean) || !Number.isFinite(variance)) {
      throw new RangeError(`Expected column ${column} to have a variance below 1.8e308: its values are too large`);
    }
    scales.push(isConstant(variance, mean, matrix.rows) ? 1 : Math.sqrt(variance));
  }
  return { means: [...means], scales };
}

/**
 * `(value - mean) / scale` column by column, computed in float64 and rounded to float32 once.
 *
 * Throws RangeError when the matrix has other columns than the scaler, a value that is not finite, or one so far from
 * the mean that float32 cannot hold it.
 */
export const transformStandard = (scaler: StandardScaler, matrix: Matrix<Float64Array>): Matrix =>
  atOnce(transformStandardInSteps(scaler, matrix));

export function* transformStandardInSteps(scaler: StandardScaler, matrix: Matrix<Float64Array>): Steps<Matrix> {
  yield* checkMatrixInSteps(matrix);
  const { rows, columns } = matrix;
  if (scaler.means.length !== columns || scaler.scales.length !== columns) {
    throw new RangeError(`Expected a matrix of ${scaler.means.length} columns, as the scaler has, got ${columns}`);
  }
  const scaled = new Float32Array(rows * columns);
  for (const [from, to] of rowSteps(rows, columns)) {
    scaleRows(scaler, matrix, scaled, from, to);
    yield;
  }
  return { rows, columns, values: scaled };
}

function scaleRows(
  scaler: StandardScaler,
  { columns, values }: Matrix<Float64Array>,
  scaled: Float32Array,
  from: number,
  to: number,
): void {
  const means = Float64Array.from(scaler.means);
  const scales = Float64Array.from(scaler.scales);
  for (let i = from * columns, r = from; r < to; r++) {
    for (let c = 0; c < columns; c++, i++) {
      scaled[i] = (values[i] - means[c]) / scales[c];
      if (!Number.isFinite(scaled[i])) {
        throw new RangeError(`Expected scaled values within float32, got ${values[i]} at row ${r}, column ${c}`);
      }
    }
  }
}

function* meansOf({ rows, columns, values }: Matrix<Float64Array>): Steps<Float64Array> {
  const sums = new Float64Array(columns);
  const varies = new Uint8Array(columns);
  for (const [from, to] of rowSteps(rows, columns)) {
    addValues(values, columns, from, to, sums, varies);
    yield;
  }
  return sums.map((sum, c) => (varies[c] === 1 ? sum / rows : values[c]));
}

/** Row after row, as they lie in memory: of each column the values are added in order of the rows. */
function addValues(
  values: Float64Array,
  columns: number,
  from: number,
  to: number,
  sums: Float64Array,
  varies: Uint8Array,
): void {
  for (let i = from * columns, r = from; r < to; r++) {
    for (let c = 0; c < columns; c++, i++) {
      sums[c] += values[i];
      if (values[i] !== values[c]) varies[c] = 1;
    }
  }
}

function* variancesOf({ rows, columns, values }: Matrix<Float64Array>, means: Float64Array): Steps<Float64Array> {
  const squares = new Float64Array(columns);
  const rests = new Float64Array(columns);
  for (const [from, to] of rowSteps(rows, columns)) {
    addDeviations(values, means, from, to, squares, rests);
    yield;
  }
  return squares.map((square, c) => (square - (rests[c] * rests[c]) / rows) / rows);
}

function addDeviations(
  values: Float64Array,
  means: Float64Array,
  from: number,
  to: number,
  squares: Float64Array,
  rests: Float64Array,
): void {
  const columns = means.length;
  for (let i = from * columns, r = from; r < to; r++) {
    for (let c = 0; c < columns; c++, i++) {
      const deviation = values[i] - means[c];
      squares[c] += deviation * deviation;
      rests[c] += deviation;
    }
  }
}

function isConstant(variance: number, mean: number, rows: number): boolean {
  return variance <= rows * Number.EPSILON * variance + (rows * mean * Number.EPSILON) ** 2;
}
