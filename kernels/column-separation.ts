import { type AnyMatrix, checkMatrix } from './matrix.js';

/** What a column that tells two groups apart without a doubt counts as. */
const AT_MOST = 10;

/**
 * How far two groups of rows lie apart in each column: the difference of their means in units of the standard deviation
 * within the groups (J. Cohen's d without its sign; the root of R. A. Fisher's ratio), 0..10. 0 for a column that is
 * constant in both and the same; 10 where they differ and neither varies.
 *
 * Throws RangeError for an empty group and for rows that are not there.
 */
export function columnSeparation(matrix: AnyMatrix, ones: Int32Array, others: Int32Array): Float64Array {
  checkMatrix(matrix);
  const a = columnMoments(matrix, ones);
  const b = columnMoments(matrix, others);
  return Float64Array.from({ length: matrix.columns }, (_, column) => {
    const difference = Math.abs(a.means[column] - b.means[column]);
    const deviation = Math.sqrt((a.squares[column] + b.squares[column]) / (ones.length + others.length));
    // Float32 values: what is below their rounding is no difference.
    const rounding = 1e-6 * Math.max(Math.abs(a.means[column]), Math.abs(b.means[column]));
    if (difference <= rounding) return 0;
    return Math.min(AT_MOST, difference / deviation);
  });
}

interface Moments {
  readonly means: Float64Array;
  /** Sums of squared deviations from the mean. */
  readonly squares: Float64Array;
}

function columnMoments({ rows: all, columns, values }: AnyMatrix, rows: Int32Array): Moments {
  if (rows.length === 0) throw new RangeError('Expected rows in both groups, got an empty one');
  const means = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (const row of rows) {
    if (row < 0 || row >= all) throw new RangeError(`Expected a row of 0..${all - 1}, got ${row}`);
    for (let c = 0; c < columns; c++) means[c] += values[row * columns + c];
  }
  for (let c = 0; c < columns; c++) means[c] /= rows.length;
  for (const row of rows) {
    for (let c = 0; c < columns; c++) squares[c] += (values[row * columns + c] - means[c]) ** 2;
  }
  return { means, squares };
}
