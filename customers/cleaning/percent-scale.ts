import type { Decision } from './cell.js';
import { cellsOf, quantile } from './weighted.js';
import type { Counted } from './weighted.js';

/** A number of a percent column, as written: `45.2` for `45.2%` too. */
export interface PercentCell extends Counted {
  readonly value: number;
  /** It stands with its sign, which leaves no doubt. */
  readonly signed: boolean;
  /** Digits behind the decimal sign. */
  readonly decimals: number;
}

/**
 * How numbers without a sign are meant: of a hundred, of one, or, in a column that has both, those above `limit` of a
 * hundred and the rest of one.
 */
export interface PercentScale {
  readonly scale: 'percent' | 'share' | 'mixed';
  readonly limit: number;
  /** Of mixed scales: numbers with so many digits behind the decimal sign are of a hundred however small they are. */
  readonly percentDecimals: ReadonlySet<number>;
  readonly decision?: Decision;
}

/** A number is out of place where there are so many times more of its like than the rest lets expect. */
const CROWD = 3;
/** Beyond doubt, also without the decimals' word. */
const HUGE = 20;
/** Cells from which a share can be taken. */
const ENOUGH = 30;
/** Two scales are a factor of 100 apart, and so are their medians, more or less. */
const APART = 20;
/** Half of the factor of 100, as factors go. */
const MIDWAY = 10;
const FEW_SIGNS = 3;
/** So many decimals are a computed number's, which says nothing about its scale. */
const COMPUTED = 6;
/** Shares that are too large are still nowhere near percents. */
const TOO_LARGE = 2;
const FEW = 0.05;

/**
 * Settles the scale of the numbers without a sign.
 *
 * - None above 1: they are shares, unless the cells with a sign are none above 1 either, and of the same size (`0.32`
 *   beside `0.47%`); and shares they are, too, where a few are above 1 and none above 2. None between 0 and 1: they are
 *   percents.
 * - Both: what is above 1 is percents. The small ones are percents too (`0.4` beside `45.2`) unless several things say
 *   otherwise: there are far more of them than percents below 1 would be, as the signed cells or else those between
 *   1 and 2 show, with a gap to the large ones; and they have more decimals, as `0.452` has beside `45.2`.
 */
export function settlePercentScale(
  cells: readonly PercentCell[],
  configured: 'percent' | 'share' | undefined,
): PercentScale {
  const unsigned = cells.filter(({ signed, value }) => !signed && value !== 0);
  const signed = cells.filter(({ signed, value }) => signed && value !== 0);
  const [large, small] = [between(unsigned, 1, Infinity), between(unsigned, 0, 1)];
  const [larges, smalls, signs] = [cellsOf(large), cellsOf(small), cellsOf(signed)];
  const evidence = { 'with a sign': signs, 'above 1': larges, 'up to 1': smalls };
  const settled = (
    scale: PercentScale['scale'],
    by: Decision['by'],
    limit = 1,
    percentDecimals: ReadonlySet<number> = NO_DECIMALS,
  ): PercentScale => ({
    scale,
    limit,
    percentDecimals,
    decision: { what: 'percent scale', chosen: scale, by, evidence },
  });
  if (unsigned.length === 0) return { scale: configured ?? 'share', limit: 1, percentDecimals: NO_DECIMALS };
  if (configured !== undefined) return settled(configured, 'configuration');
  // With and without its sign the same column has the same sizes, but for the factor between the scales.
  const areTiny = signs >= FEW_SIGNS && signed.every((cell) => sizeOf(cell) <= 1);
  if (larges === 0 && areTiny && quantile(signed, 0.5, sizeOf) < MIDWAY * quantile(small, 0.5, sizeOf)) {
    return settled('percent', 'evidence');
  }
  const [nextTo, far] = [cellsOf(between(large, 1, TOO_LARGE)), cellsOf(between(large, TOO_LARGE, Infinity))];
  // A sign or two in sizes of the rest ask whether the rest is percents too, and do not answer it.
  const isAsked = signs > 0 && signs < FEW_SIGNS && signed.every((cell) => sizeOf(cell) <= 1);
  if (far === 0 && larges <= FEW * smalls) return settled('share', isAsked ? 'default' : 'evidence');
  if (small.every(({ value }) => Math.abs(value) === 1)) return settled('percent', 'evidence');
  const shareOfSigns = (from: number, to: number): number => cellsOf(between(signed, from, to)) / signs;
  const expected = signs >= ENOUGH ? shareOfSigns(0, 1) * (larges + smalls) : nextTo;
  const [fine, coarse] = [quantile(small, 0.9, decimalsOf), quantile(large, 0.9, decimalsOf)];
  const isFiner = fine > coarse || coarse >= COMPUTED;
  const isHuge = smalls >= ENOUGH && (signs >= ENOUGH || smalls > HUGE * Math.max(1, expected));
  const isApart = quantile(large, 0.5, sizeOf) >= APART * quantile(small, 0.5, sizeOf);
  // Many with more decimals, where the signs show that there should be none, need not be far apart.
  const isBeyondDoubt = isFiner && signs >= ENOUGH && smalls >= ENOUGH && smalls > HUGE * expected;
  if (smalls <= CROWD * expected || !(isApart || isBeyondDoubt) || !(isFiner || isHuge)) {
    return settled('percent', 'evidence');
  }
  const next = between(large, 1, TOO_LARGE);
  const expectedNext = (signs >= ENOUGH ? shareOfSigns(1, TOO_LARGE) : FEW) * far;
  // Shares above 1 have the decimals of shares.
  const areShares =
    nextTo > Math.max(1, CROWD * expectedNext) && !(fine > coarse && quantile(next, 0.5, decimalsOf) <= coarse);
  if (areShares) return settled('mixed', 'evidence', TOO_LARGE);
  const [ofSigns, others] = [shareOfSigns(0, 1), 1 - shareOfSigns(0, 1)];
  const percents = signs >= ENOUGH ? (ofSigns / Math.max(others, 1 / signs)) * larges : nextTo;
  return settled('mixed', 'evidence', 1, decimalsOfPercents(small, large, fine, percents));
}

const NO_DECIMALS: ReadonlySet<number> = new Set();

/**
 * The numbers of decimals that small percents have and shares have not: of shares with three one in a hundred has lost
 * two zeros. `percents` is how many of the small ones are percents, as far as can be told.
 */
function decimalsOfPercents(
  small: readonly PercentCell[],
  large: readonly PercentCell[],
  fine: number,
  percents: number,
): ReadonlySet<number> {
  const found = new Set<number>();
  for (let digits = 0; digits < Math.min(fine, COMPUTED); digits++) {
    const withDigits = cellsOf(large.filter(({ decimals }) => decimals === digits)) / cellsOf(large);
    const shares = cellsOf(small) * 10 ** (digits - fine);
    if (percents * withDigits >= CROWD * Math.max(1, shares)) found.add(digits);
  }
  return found;
}

/** Those above one size, up to another. */
const between = (cells: readonly PercentCell[], above: number, to: number): PercentCell[] =>
  cells.filter((cell) => sizeOf(cell) > above && sizeOf(cell) <= to);

const sizeOf = ({ value }: PercentCell): number => Math.abs(value);
const decimalsOf = ({ decimals }: PercentCell): number => decimals;
