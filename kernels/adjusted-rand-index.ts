import { cellsOf, labelingOf } from './labeling.js';

/**
 * How far two labelings of the same rows agree on which rows belong together: 1 for the same clusters under whatever
 * numbers, 0 for the agreement that chance would give, below 0 for less. It is the share of the pairs of rows on which
 * they agree, corrected for chance (L. Hubert, P. Arabie, "Comparing partitions", Journal of Classification 2, 1985).
 *
 * Labels are integers of 0 or above, one a row; numbers may be left out. Symmetric. 1 where both have all rows in one
 * cluster, or both each row in its own.
 *
 * Throws RangeError for no rows, a label below 0, and labelings of different lengths.
 */
export function adjustedRandIndex(a: Int32Array, b: Int32Array): number {
  const rows = a.length;
  if (rows === 0) throw new RangeError('Expected labels of at least 1 row, got none');
  const labelings = [labelingOf(a, rows), labelingOf(b, rows)];
  const { count, starts } = cellsOf(labelings, rows);
  const all = pairs(rows);
  // Pairs of rows that are together: in both, in the first, in the second.
  let both = 0;
  for (let cell = 0; cell < count; cell++) both += pairs(starts[cell + 1] - starts[cell]);
  const [inA, inB] = labelings.map(({ sizes }) => sizes.reduce((sum, size) => sum + pairs(size), 0));
  if (both === inA && both === inB) return 1;

  // With the pairs apart in both, this is Hubert and Arabie's formula times the same above and below the line, as
  // scikit-learn has it: nothing is lost by taking a product of shares from another.
  const onlyA = inA - both;
  const onlyB = inB - both;
  const apart = all - inA - inB + both;
  return (2 * (both * apart - onlyA * onlyB)) / (inA * (onlyA + apart) + inB * (onlyB + apart));
}

const pairs = (rows: number): number => (rows * (rows - 1)) / 2;
