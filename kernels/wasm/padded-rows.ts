import { checkInteger } from '../check-integer.js';
import type { Matrix } from '../matrix.js';
import { type Steps, rowSteps } from '../steps.js';

/** Columns are padded with zeros to a multiple of eight, the whole numbers that a SIMD register holds: no sum of squares changes. */
export const strideOf = (columns: number): number => Math.ceil(columns / 8) * 8;

/** Throws RangeError for a matrix that is empty or has not rows x columns values. */
export function checkShape({ rows, columns, values }: Matrix, name = 'matrix'): void {
  checkInteger('rows', rows, 1, 2 ** 31 - 1, 'at least 1');
  checkInteger('columns', columns, 1, 2 ** 20, '1..2^20');
  if (values.length !== rows * columns) {
    throw new RangeError(
      `Expected ${name} of ${rows} x ${columns} to have ${rows * columns} values, got ${values.length}`,
    );
  }
}

/** Copies rows of `columns` values to rows of `stride`. */
export function padRows<V extends Float32Array | Float64Array>(
  values: V,
  columns: number,
  padded: V,
  stride: number,
): void {
  if (stride === columns) {
    padded.set(values);
    return;
  }
  for (let from = 0, to = 0; from < values.length; to += stride - columns) {
    for (let c = 0; c < columns; c++) padded[to++] = values[from++];
  }
}

/** The same, some rows at a time. */
export function* padRowsInSteps(
  values: Float32Array,
  columns: number,
  padded: Float32Array,
  stride: number,
): Steps<void> {
  for (const [from, to] of rowSteps(values.length / columns, columns)) {
    const [rows, room] = [values.subarray(from * columns, to * columns), padded.subarray(from * stride, to * stride)];
    padRows(rows, columns, room, stride);
    yield;
  }
}

/** The matrix that was padded. */
export function unpadded(padded: Float32Array, rows: number, columns: number, stride: number): Matrix {
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < values.length; i++) values[i] = padded[Math.floor(i / columns) * stride + (i % columns)];
  return { rows, columns, values };
}
