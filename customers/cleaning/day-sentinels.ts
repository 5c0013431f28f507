import { isRepeatedDigit } from './far-out.js';
import type { Weighted } from './far-out.js';

/** How many times the next lower number of days a run of nines, or the largest number of a machine, must be. */
const NINES_GAP = 1.25;
/** And any other number, which has to be there often besides. */
const REPEATED_GAP = 3;
const OFTEN = 5;
const OFTEN_SHARE = 0.001;
/** A run of nines amid ordinary numbers, if so many times as frequent as those around it. */
const SPIKE = 10;
const SPIKE_CELLS = 20;

/** More different negative values than these are a mistake in computing days, and no sign. */
const FEW_NEGATIVES = 3;

const MACHINE = new Set([32_767, 65_535, 2_147_483_647, 1_000_000, 100_000, 10_000, 36_500, 36_525]);

/**
 * Numbers that stand for "never" in a column of days: negative ones, if they are few different ones, or -1, -9, -99,
 * …; the largest ones, if they are a run of
 * nines (999) or the like and stand apart from the rest, or are repeated and stand far apart; a run of nines within the
 * rest if it is far more frequent than what is around it. 99 among 97 and 98 is a number of days.
 */
export function findDaySentinels(values: readonly Weighted[]): ReadonlySet<number> {
  const counts = new Map<number, number>();
  for (const { value, count } of values) counts.set(value, (counts.get(value) ?? 0) + count);
  const distinct = [...counts.keys()].toSorted((a, b) => a - b);
  const negative = distinct.filter((value) => value < 0);
  const found = new Set(negative.length <= FEW_NEGATIVES ? negative : negative.filter(isTypicalNegative));
  const cells = values.reduce((sum, { count }) => sum + count, 0);
  const ordinary = distinct.filter((value) => value >= 0);
  for (let top = ordinary.length - 1; top > 0; top--) {
    const [value, below] = [ordinary[top] ?? 0, ordinary[top - 1] ?? 0];
    const count = counts.get(value) ?? 0;
    const isTypical = /^9{3,}$/.test(String(value)) || isRepeatedDigit(value) || MACHINE.has(value);
    const isOften = count >= Math.max(OFTEN, OFTEN_SHARE * cells);
    const isApart = value >= NINES_GAP * below || (isOften && value - below > SPIKE * stepBelow(ordinary, top));
    if (!(isTypical && isApart) && !(isOften && value >= REPEATED_GAP * below)) break;
    found.add(value);
  }
  for (const [i, value] of ordinary.entries()) {
    if (/^9{2,}$/.test(String(value)) && isSpike(ordinary, counts, i)) found.add(value);
  }
  return found;
}

const isTypicalNegative = (value: number): boolean => value === -1 || /^-9+$/.test(String(value));

/** The mean distance between the values below. */
const stepBelow = (ordinary: readonly number[], top: number): number =>
  ((ordinary[top - 1] ?? 0) - (ordinary[0] ?? 0)) / Math.max(1, top - 1);

function isSpike(ordinary: readonly number[], counts: ReadonlyMap<number, number>, at: number): boolean {
  const count = counts.get(ordinary[at] ?? 0) ?? 0;
  const around = [...ordinary.slice(Math.max(0, at - 5), at), ...ordinary.slice(at + 1, at + 6)];
  const mean = around.reduce((sum, value) => sum + (counts.get(value) ?? 0), 0) / Math.max(1, around.length);
  return around.length >= 5 && count >= SPIKE_CELLS && count >= SPIKE * mean;
}
