import { checkInteger } from './check-integer.js';
import type { Random } from './random.js';

/**
 * `size` distinct rows of 0..rows - 1 in ascending order, each set of rows equally likely; all rows, without drawing,
 * when `size` is `rows` or more. R. W. Floyd's sampling (J. Bentley, "Programming pearls: a sample of brilliance", CACM
 * 30(9), 1987): one draw for each row taken.
 */
export function sampleRows(rows: number, size: number, random: Random): Int32Array {
  checkInteger('size', size, 1, Number.MAX_SAFE_INTEGER, 'at least 1');
  if (size >= rows) return Int32Array.from({ length: rows }, (_, i) => i);
  const taken = new Set<number>();
  for (let last = rows - size; last < rows; last++) {
    const drawn = random.integer(last + 1);
    taken.add(taken.has(drawn) ? last : drawn);
  }
  return Int32Array.from(taken).toSorted();
}
