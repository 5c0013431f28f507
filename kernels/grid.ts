import type { AnyMatrix, Matrix } from './matrix.js';

/** A matrix on its grid. */
export interface GridPoints {
  /** The values times `scale`, none above 1, on the grid. */
  readonly points: Matrix<Float64Array>;
  /** A power of two: what is computed from the points is what the values would give, times a power of it, bit for bit. */
  readonly scale: number;
}

/**
 * The matrix in float64, rounded to multiples of a power of two that is so coarse that sums of up to all its rows are
 * exact, and differences of such sums: in any order and on any number of threads they have the same bits. And scaled so
 * that no value is above 1, whose squares float32 can hold.
 *
 * The step is about `rows * 2^-51` of the largest magnitude. Of float32 values, those within a factor of `2^27 / rows` of
 * the largest stay as they are; a smaller one errs by half a step. A value that float32 holds becomes one that it holds.
 */
export function onGrid({ rows, columns, values }: AnyMatrix): GridPoints {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  const scale = scaleFor(largest);
  const rounder = gridRounder(largest * scale, rows);
  const rounded = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) rounded[i] = values[i] * scale + rounder - rounder;
  return { points: { rows, columns, values: rounded }, scale };
}

/** The power of two that brings values of up to `largest` to 1 at most. */
export const scaleFor = (largest: number): number => (largest === 0 ? 1 : 2 ** -exponentAbove(largest));

/**
 * What rounds values of up to `largest` to the grid of `rows` of them when it is added and taken away: float64 has no room
 * for what is below the step. For values a power of two as large it is as many times as large.
 */
export function gridRounder(largest: number, rows: number): number {
  // Sums stay below 2^52 steps; 1.5 keeps the sum with a negative value in the same binade.
  return largest === 0 ? 0 : 1.5 * 2 ** (exponentAbove(largest) + exponentAbove(rows) + 1);
}

/** The least integer `e` with `value <= 2^e`. */
export function exponentAbove(value: number): number {
  let exponent = Math.ceil(Math.log2(value));
  // The logarithm is rounded.
  while (2 ** exponent < value) exponent++;
  while (2 ** (exponent - 1) >= value) exponent--;
  return exponent;
}
