import { checkInteger } from './check-integer.js';
import { type AnyMatrix, type Matrix, checkMatrix, matrixForDistances } from './matrix.js';
import { symmetricEigen } from './symmetric-eigen.js';

/** Directions of largest variance. Plain data. */
export interface PcaModel {
  /** Of each column. */
  readonly means: Float64Array;
  /** One row a component: its loadings, one a column. Rows are orthonormal. */
  readonly components: Matrix<Float64Array>;
  /** Of each component, largest first, with `rows - 1` below the line. */
  readonly explainedVariance: Float64Array;
  /** As a share of the variance of all columns; zeros where there is none. */
  readonly explainedVarianceRatio: Float64Array;
}

/** Loadings this close to the largest count as equal to it: rounding must not choose between them. */
const SAME_LOADING = 1e-9;

/**
 * Principal component analysis of the columns as they are (nothing is scaled), through their covariance, as
 * scikit-learn's PCA. Sums are added up in order of the rows. A component's sign is such that its largest loading is
 * positive; of several equal ones the first counts.
 *
 * Throws RangeError for an empty matrix, values that are not finite, and unless `components` is 1..columns.
 */
export function fitPca(matrix: AnyMatrix, components: number): PcaModel {
  const checked = matrixForDistances(matrix);
  checkInteger('components', components, 1, checked.columns, `1..columns (${checked.columns})`);
  const { columns } = checked;
  const means = meansOf(checked);
  const covariance = covarianceOf(checked, means);
  let total = 0;
  for (let c = 0; c < columns; c++) total += covariance[c * columns + c];
  const { values, vectors } = symmetricEigen({ rows: columns, columns, values: covariance });
  // Rounding may leave the variance of a direction without any just below zero.
  const explainedVariance = values.slice(0, components).map((value) => Math.max(value, 0));
  const loadings = vectors.values.slice(0, components * columns);
  for (let k = 0; k < components; k++) makeLargestPositive(loadings.subarray(k * columns, (k + 1) * columns));
  return {
    means,
    components: { rows: components, columns, values: loadings },
    explainedVariance,
    explainedVarianceRatio: explainedVariance.map((value) => (total > 0 ? value / total : 0)),
  };
}

/** Coordinates of each row along the components: rows x components. Throws RangeError for other columns than the model's. */
export function projectPca({ means, components }: PcaModel, matrix: AnyMatrix): Matrix<Float64Array> {
  checkMatrix(matrix);
  const { rows, columns, values } = matrix;
  if (columns !== components.columns) {
    throw new RangeError(`Expected a matrix of ${components.columns} columns, as the model has, got ${columns}`);
  }
  const projected = new Float64Array(rows * components.rows);
  const centred = new Float64Array(columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) centred[c] = values[r * columns + c] - means[c];
    for (let k = 0; k < components.rows; k++) {
      let sum = 0;
      for (let c = 0, i = k * columns; c < columns; c++, i++) sum += centred[c] * components.values[i];
      projected[r * components.rows + k] = sum;
    }
  }
  return { rows, columns: components.rows, values: projected };
}

function meansOf({ rows, columns, values }: Matrix<Float64Array>): Float64Array {
  const means = new Float64Array(columns);
  for (let i = 0, r = 0; r < rows; r++) for (let c = 0; c < columns; c++, i++) means[c] += values[i];
  for (let c = 0; c < columns; c++) means[c] /= rows;
  return means;
}

/** The corrected two-pass covariance: what the means miss by rounding is taken out of the products again. */
function covarianceOf({ rows, columns, values }: Matrix<Float64Array>, means: Float64Array): Float64Array {
  const products = new Float64Array(columns * columns);
  const rest = new Float64Array(columns);
  const centred = new Float64Array(columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0, i = r * columns; c < columns; c++, i++) {
      centred[c] = values[i] - means[c];
      rest[c] += centred[c];
    }
    for (let a = 0; a < columns; a++) {
      const of = centred[a];
      for (let b = a, i = a * columns + a; b < columns; b++, i++) products[i] += of * centred[b];
    }
  }
  // One row varies in nothing.
  const degrees = Math.max(rows - 1, 1);
  for (let a = 0; a < columns; a++) {
    for (let b = a; b < columns; b++) {
      const i = a * columns + b;
      products[i] = (products[i] - (rest[a] * rest[b]) / rows) / degrees;
      products[b * columns + a] = products[i];
    }
  }
  return products;
}

function makeLargestPositive(loadings: Float64Array): void {
  const largest = loadings.reduce((max, loading) => Math.max(max, Math.abs(loading)), 0);
  const deciding = loadings.find((loading) => Math.abs(loading) >= largest * (1 - SAME_LOADING)) ?? 0;
  if (deciding < 0) for (let i = 0; i < loadings.length; i++) loadings[i] = -loadings[i];
}
