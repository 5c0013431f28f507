import type { Decision } from './cell.js';

/** A number of a percent column, as written: `45.2` for `45.2%` too. */
export interface PercentCell {
  readonly value: number;
  /** It stands with its sign, which leaves no doubt. */
  readonly signed: boolean;
  /** Digits behind the decimal sign. */
  readonly decimals: number;
  readonly count: number;
}

/** How a number without a sign is meant: of a hundred, of one, or what is above 1 of a hundred and the rest of one. */
export type PercentScale = 'percent' | 'share' | 'mixed';

/** A small number is out of place where there are so many times more of them than the rest lets expect. */
const CROWD = 3;
const HUGE = 20;
/** Signed cells from which the share of small numbers is taken. */
const ENOUGH_SIGNED = 30;
/** Two scales are a factor of 100 apart, and so are their medians, more or less. */
const APART = 20;
/** So many decimals are a computed number's, which says nothing about its scale. */
const COMPUTED = 6;

/**
 * Settles the scale of the numbers without a sign.
 *
 * - None above 1: they are shares. None between 0 and 1: they are percents.
 * - Both: what is above 1 can only be percents. The small ones are percents too (`0.4` beside `45.2`) unless two things
 *   say otherwise: there are far more of them than percents below 1 would be, as the signed cells or else those between
 *   1 and 2 show, with a gap to the large ones; and they have more decimals, as `0.452` has beside `45.2`.
 */
export function settlePercentScale(
  cells: readonly PercentCell[],
  configured: 'percent' | 'share' | undefined,
): { readonly scale: PercentScale; readonly decision?: Decision } {
  const unsigned = cells.filter(({ signed, value }) => !signed && value !== 0);
  const signed = cells.filter(({ signed, value }) => signed && value !== 0);
  const large = unsigned.filter(({ value }) => Math.abs(value) > 1);
  const small = unsigned.filter(({ value }) => Math.abs(value) <= 1);
  const [larges, smalls, signs] = [total(large), total(small), total(signed)];
  const evidence = { 'with a sign': signs, 'above 1': larges, 'up to 1': smalls };
  const settled = (scale: PercentScale, by: Decision['by']) => ({
    scale,
    decision: { what: 'percent scale', chosen: scale, by, evidence },
  });
  if (unsigned.length === 0) return { scale: configured ?? 'share' };
  if (configured !== undefined) return settled(configured, 'configuration');
  if (larges === 0) return settled('share', 'evidence');
  if (small.every(({ value }) => Math.abs(value) === 1)) return settled('percent', 'evidence');
  const smallSigns = total(signed.filter(({ value }) => Math.abs(value) <= 1));
  const nextTo = total(large.filter(({ value }) => Math.abs(value) <= 2));
  const expected = signs >= ENOUGH_SIGNED ? (smallSigns / signs) * (larges + smalls) : nextTo;
  const [below, above] = [quantile(small, 0.9, decimalsOf), quantile(large, 0.9, decimalsOf)];
  const isFiner = below > above || above >= COMPUTED;
  // Without the decimals' word, where the crowd is beyond doubt.
  const isHuge = smalls >= ENOUGH_SIGNED && (signs >= ENOUGH_SIGNED || smalls > HUGE * Math.max(1, expected));
  const isCrowd = smalls > CROWD * expected && quantile(large, 0.5, sizeOf) >= APART * quantile(small, 0.5, sizeOf);
  return settled(isCrowd && (isFiner || isHuge) ? 'mixed' : 'percent', 'evidence');
}

const total = (cells: readonly PercentCell[]): number => cells.reduce((sum, { count }) => sum + count, 0);

const sizeOf = ({ value }: PercentCell): number => Math.abs(value);
const decimalsOf = ({ decimals }: PercentCell): number => decimals;

/** What such a share of the cells has at most. */
function quantile(cells: readonly PercentCell[], share: number, of: (cell: PercentCell) => number): number {
  const enough = share * total(cells);
  let seen = 0;
  for (const cell of cells.toSorted((a, b) => of(a) - of(b))) {
    seen += cell.count;
    if (seen >= enough) return of(cell);
  }
  return 0;
}
