import type { AnyMatrix, Matrix } from './matrix.js';

/**
 * Centroids in the units of points that `scale` has brought to magnitudes of 1 at most. Throws RangeError for one that
 * lies so far outside that it is above 1 itself.
 */
export function scaledCentroids({ rows, columns, values }: AnyMatrix, scale: number): Matrix<Float64Array> {
  const scaled = Float64Array.from(values, (value) => value * scale);
  const far = scaled.findIndex((value) => !(Math.abs(value) <= 1));
  if (far >= 0) {
    throw new RangeError(
      `Expected values of at most ${1 / scale} in \`initial\`, hardly above those of the matrix, got ${values[far]} ` +
        `at row ${Math.floor(far / columns)}, column ${far % columns}`,
    );
  }
  return { rows, columns, values: scaled };
}
