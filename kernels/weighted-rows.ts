import { type AnyMatrix, type Matrix, checkMatrix } from './matrix.js';

/** Below this share of the largest multiplier a column adds under a ten-thousandth to squared distances: it is left out. */
const NEGLIGIBLE = 0.01;

/**
 * Some rows of a matrix, in the order they are named in, each column multiplied: a copy in float64. Columns with a
 * multiplier below a hundredth of the largest are left out, so the result may have fewer columns; at least one stays.
 *
 * Throws RangeError when there is not one multiplier a column, none above 0, or one that is negative or not finite, and
 * for a row that is not there.
 */
export function weightedRows(matrix: AnyMatrix, rows: Int32Array, multipliers: Float64Array): Matrix<Float64Array> {
  const kept = keptColumns(matrix, multipliers);
  const columns = kept.length;
  const values = new Float64Array(rows.length * columns);
  for (let i = 0, at = 0; i < rows.length; i++) {
    const row = rows[i];
    if (row < 0 || row >= matrix.rows) throw new RangeError(`Expected a row of 0..${matrix.rows - 1}, got ${row}`);
    const start = row * matrix.columns;
    for (let c = 0; c < columns; c++, at++) values[at] = matrix.values[start + kept[c]] * multipliers[kept[c]];
  }
  const weighted = { rows: rows.length, columns, values };
  if (rows.length > 0) checkMatrix(weighted, 'weighted rows');
  return weighted;
}

function keptColumns({ columns }: AnyMatrix, multipliers: Float64Array): Int32Array {
  if (multipliers.length !== columns) {
    throw new RangeError(`Expected ${columns} multipliers, one a column, got ${multipliers.length}`);
  }
  let largest = 0;
  for (const [column, multiplier] of multipliers.entries()) {
    if (!(multiplier >= 0) || multiplier === Infinity) {
      throw new RangeError(`Expected multipliers of 0 or above, got ${multiplier} for column ${column}`);
    }
    largest = Math.max(largest, multiplier);
  }
  if (largest === 0) throw new RangeError('Expected a multiplier above 0, got zeros for all columns');
  return Int32Array.from(multipliers.keys()).filter((column) => multipliers[column] >= largest * NEGLIGIBLE);
}
