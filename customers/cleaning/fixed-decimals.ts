import type { Separator } from './digits.js';
import type { NumberCell, PlainNumbers } from './separators.js';

/** With fewer different texts nothing is said of a column. */
const ENOUGH = 20;
/** So large a share of the cells begins with `1.`, at least: then a column of thousands would go on below 1,000. */
const BEGINS = 0.01;
const LEAST_CELLS = 10;
/** Of digits that vary one in a hundred ends in two zeros; of thousands that somebody rounded, many more do. */
const ROUND = 0.05;
/** Other numbers are allowed for in so large a share: placeholders. */
const OTHERS = 0.01;
/** `1.957` is a year with a sign for thousands. */
const YEARS = { from: 1_800, to: 2_200 };

/**
 * Whether numbers that all have three digits behind a sign (`3.164`, `12.250`) are decimals that a program wrote in
 * full, and not thousands. They are where nothing is below 1,000 as thousands would be, although the numbers begin right
 * there (one in a hundred begins with `1.`), or, of points, where all have one digit before the sign; and where the last
 * digits vary. Years are none.
 */
export function areFixedDecimals(cells: readonly NumberCell[], plain: PlainNumbers, sign: Separator): boolean {
  let [all, others, ones, single, round] = [0, plain.whole, 0, 0, 0];
  let [least, most] = [Infinity, 0];
  const texts = new Set<string>();
  for (const { number, count } of cells) {
    const { open, thousands, decimals } = number.digits;
    if (open !== sign || number.power !== 0) {
      // Zero is written as it is by anybody.
      if (Number(decimals) !== 0) others += count;
      continue;
    }
    const value = Number(thousands);
    texts.add(thousands);
    all += count;
    if (value < 2_000) ones += count;
    if (value < 10_000) single += count;
    if (thousands.endsWith('00')) round += count;
    [least, most] = [Math.min(least, value), Math.max(most, value)];
  }
  if (texts.size < ENOUGH || others > OTHERS * all || round > ROUND * all) return false;
  if (least > YEARS.from && most < YEARS.to) return false;
  const beginsAtOne = ones >= LEAST_CELLS && ones >= BEGINS * all;
  return beginsAtOne || (sign === '.' && single === all);
}
