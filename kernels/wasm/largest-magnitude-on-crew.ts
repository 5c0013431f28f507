import { BLOCK_ROWS } from '../block-sums.js';
import type { Matrix } from '../matrix.js';
import { type Crew, shareOf } from './crew.js';

/** The largest magnitude of this member's share of the values; NaN where one of them is none. */
export function largestMagnitudeOnCrew(crew: Crew, { rows, columns, values }: Matrix): number {
  const { from, to } = shareOf(crew, rows, BLOCK_ROWS);
  let largest = 0;
  // `max` keeps what is not a number.
  for (let at = from * columns; at < to * columns; at++) largest = Math.max(largest, Math.abs(values[at]));
  return largest;
}
