import type { AnyMatrix, Matrix } from '../../kernels/matrix.js';
import { fitStandardScaler, transformStandard } from '../../kernels/standard-scaler.js';
import type { Encoding } from './encoding.js';
import { fitFeatureScaler } from './feature-scaler.js';
import type { FeatureScaler } from './feature-scaler.js';

export interface ScaledFeatures {
  readonly scaler: FeatureScaler;
  /** A point a row. */
  readonly points: Matrix;
}

/**
 * Points of encoded rows, see `fitFeatureScaler`. Columns whose group weighs nothing are left out. Where there is no
 * column, as nothing tells the rows apart, there is none to weigh either.
 */
export function scaleFeatures(
  encoding: Encoding,
  encoded: AnyMatrix,
  weights: { readonly [group: string]: number } = {},
): ScaledFeatures {
  if (encoded.columns === 0) {
    const points = { rows: encoded.rows, columns: 0, values: new Float32Array() };
    return { scaler: { columns: [], means: [], scales: [], weights: [], features: [] }, points };
  }
  const matrix = { ...encoded, values: Float64Array.from(encoded.values) };
  const standard = fitStandardScaler(matrix);
  const scaler = fitFeatureScaler(encoding, standard, variancesOf(matrix, standard.means), matrix.rows, weights);
  const from = scaler.columns.map((name) => encoding.columns.findIndex((column) => column.name === name));
  const kept = { rows: matrix.rows, columns: from.length, values: new Float64Array(matrix.rows * from.length) };
  for (const [c, column] of from.entries()) {
    for (let r = 0; r < matrix.rows; r++) {
      kept.values[r * from.length + c] = matrix.values[r * matrix.columns + column] ?? Number.NaN;
    }
  }
  const scales = scaler.scales.map((scale, c) => scale / (scaler.weights[c] ?? 1));
  return { scaler, points: transformStandard({ means: scaler.means, scales }, kept) };
}

function variancesOf({ rows, columns, values }: Matrix<Float64Array>, means: readonly number[]): number[] {
  const sums = new Float64Array(columns);
  for (let r = 0, i = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, i++) sums[c] = (sums[c] ?? 0) + ((values[i] ?? 0) - (means[c] ?? 0)) ** 2;
  }
  return Array.from(sums, (sum) => sum / rows);
}
