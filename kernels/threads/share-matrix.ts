import type { AnyMatrix, Matrix } from '../matrix.js';

/**
 * The matrix with its values on shared memory, so that posting it to threads copies nothing: worth it for a matrix that
 * goes to several of them. Values that lie on shared memory already are not copied. Nobody may write to them while a
 * kernel runs.
 */
export function shareMatrix(matrix: Matrix): Matrix;
export function shareMatrix(matrix: Matrix<Float64Array>): Matrix<Float64Array>;
export function shareMatrix(matrix: AnyMatrix): AnyMatrix;
export function shareMatrix({ rows, columns, values }: AnyMatrix): AnyMatrix {
  if (values.buffer instanceof SharedArrayBuffer) return { rows, columns, values };
  const memory = new SharedArrayBuffer(values.byteLength);
  const shared = values instanceof Float32Array ? new Float32Array(memory) : new Float64Array(memory);
  shared.set(values);
  return { rows, columns, values: shared };
}
