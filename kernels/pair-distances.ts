import { checkInteger } from './check-integer.js';
import { type AnyMatrix, matrixForDistances } from './matrix.js';
import type { Random } from './random.js';
import { squaredDistance } from './squared-distance.js';

/**
 * Euclidean distances of `pairs` pairs of different rows drawn at random, ascending; of every pair, without drawing,
 * where there are no more than that. Empty for a single row.
 *
 * Throws RangeError for an empty matrix, values that are not finite, and unless `pairs` is at least 1.
 */
export function pairDistances(matrix: AnyMatrix, pairs: number, random: Random): Float64Array {
  checkInteger('pairs', pairs, 1, Number.MAX_SAFE_INTEGER, 'at least 1');
  const { rows, columns, values } = matrixForDistances(matrix);
  const between = (a: number, b: number): number =>
    Math.sqrt(squaredDistance(values, a * columns, values, b * columns, columns));
  if ((rows * (rows - 1)) / 2 <= pairs) {
    const all: number[] = [];
    for (let a = 0; a < rows; a++) for (let b = a + 1; b < rows; b++) all.push(between(a, b));
    return Float64Array.from(all).toSorted();
  }
  const drawn = new Float64Array(pairs);
  for (let i = 0; i < pairs; i++) {
    const a = random.integer(rows);
    // One of the others, each equally likely.
    const b = (a + 1 + random.integer(rows - 1)) % rows;
    drawn[i] = between(a, b);
  }
  return drawn.toSorted();
}

/** Share of the distances, which are ascending, that are at least `distance`: 1 for 0, and where there are none. */
export const shareAsFar = (ascending: Float64Array, distance: number): number =>
  shareFrom(ascending, (value) => value >= distance);

/** Share of the distances, which are ascending, that are above `distance`; 1 where there are none. */
export const shareFarther = (ascending: Float64Array, distance: number): number =>
  shareFrom(ascending, (value) => value > distance);

/** Share of the values from the first one on that is far enough, which all after it are too. */
function shareFrom(ascending: Float64Array, isFar: (value: number) => boolean): number {
  if (ascending.length === 0) return 1;
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isFar(ascending[middle])) high = middle;
    else low = middle + 1;
  }
  return (ascending.length - low) / ascending.length;
}
