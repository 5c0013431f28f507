import { type Matrix, checkMatrix } from './matrix.js';

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
export function fitStandardScaler(matrix: Matrix<Float64Array>): StandardScaler {
  checkMatrix(matrix);
  const means: number[] = [];
  const scales: number[] = [];
  for (let column = 0; column < matrix.columns; column++) {
    const mean = meanOf(matrix, column);
    const variance = varianceOf(matrix, column, mean);
    if (!Number.isFinite(mean) || !Number.isFinite(variance)) {
      throw new RangeError(`Expected column ${column} to have a variance below 1.8e308: its values are too large`);
    }
    means.push(mean);
    scales.push(isConstant(variance, mean, matrix.rows) ? 1 : Math.sqrt(variance));
  }
  return { means, scales };
}

/**
 * `(value - mean) / scale` column by column, computed in float64 and rounded to float32 once.
 *
 * Throws RangeError when the matrix has other columns than the scaler, a value that is not finite, or one so far from
 * the mean that float32 cannot hold it.
 */
export function transformStandard(scaler: StandardScaler, matrix: Matrix<Float64Array>): Matrix {
  checkMatrix(matrix);
  const { rows, columns, values } = matrix;
  if (scaler.means.length !== columns || scaler.scales.length !== columns) {
    throw new RangeError(`Expected a matrix of ${scaler.means.length} columns, as the scaler has, got ${columns}`);
  }
  const means = Float64Array.from(scaler.means);
  const scales = Float64Array.from(scaler.scales);
  const scaled = new Float32Array(rows * columns);
  for (let i = 0, r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, i++) {
      scaled[i] = (values[i] - means[c]) / scales[c];
      if (!Number.isFinite(scaled[i])) {
        throw new RangeError(`Expected scaled values within float32, got ${values[i]} at row ${r}, column ${c}`);
      }
    }
  }
  return { rows, columns, values: scaled };
}

function meanOf({ rows, columns, values }: Matrix<Float64Array>, column: number): number {
  let sum = 0;
  let constant = true;
  for (let i = column; i < values.length; i += columns) {
    sum += values[i];
    constant &&= values[i] === values[column];
  }
  return constant ? values[column] : sum / rows;
}

function varianceOf({ rows, columns, values }: Matrix<Float64Array>, column: number, mean: number): number {
  let squares = 0;
  let rest = 0;
  for (let i = column; i < values.length; i += columns) {
    const deviation = values[i] - mean;
    squares += deviation * deviation;
    rest += deviation;
  }
  return (squares - (rest * rest) / rows) / rows;
}

function isConstant(variance: number, mean: number, rows: number): boolean {
  return variance <= rows * Number.EPSILON * variance + (rows * mean * Number.EPSILON) ** 2;
}
