import { isRepeatedDigit } from './far-out.js';
import { addTo } from './tally.js';
import { cellsOf } from './weighted.js';
import type { Weighted } from './weighted.js';

/** How many times the next lower number of days a number that is typical of "never" must be. */
const TYPICAL_GAP = 1.25;
/** And a round one, which has to be there often besides. */
const ROUND_GAP = 3;
const OFTEN = 5;
const OFTEN_SHARE = 0.001;
/** Days stand apart from those below by so many times their mean distance; two digits of nines by fewer. */
const STEPS_APART = 10;
const STEPS_APART_OF_99 = 3;
/** Amid ordinary days: so many cells, and so many times as many as the mean, or as the most, of the days around. */
const SPIKE_CELLS = 20;
const SPIKE_OF_MEAN = 10;
const SPIKE_OF_MOST = 5;
/** From here on it is worth a question. */
const ODD_CELLS = 10;
const ODD_OF_MOST = 3;

/** The largest numbers of machines, a century, and powers of ten that no shop counts to. */
const MACHINE = new Set([32_767, 65_535, 2_147_483_647, 1_000_000, 100_000, 10_000, 36_500, 36_525]);

export interface DaySentinels {
  /** Numbers that stand for "never". */
  readonly found: ReadonlySet<number>;
  /** Numbers that may, but that may be days as well: they stay. */
  readonly possible: ReadonlySet<number>;
}

interface Counted {
  /** The different values from 0 on, the smallest first, and the number of cells of each. */
  readonly days: readonly number[];
  readonly counts: readonly number[];
  readonly often: number;
}

/** Numbers that stand for "never" in a column of days, by the rules of docs/cleaning.md. */
export function findDaySentinels(values: readonly Weighted[]): DaySentinels {
  const counts = new Map<number, number>();
  for (const { value, count } of values) addTo(counts, value, count);
  const often = Math.max(OFTEN, OFTEN_SHARE * cellsOf(values));
  const days = [...counts.keys()].filter((value) => value >= 0).toSorted((a, b) => a - b);
  const column: Counted = { days, counts: days.map((value) => counts.get(value) ?? 0), often };
  const found = new Set(negativeSentinels(counts, often));
  const possible = new Set<number>();
  for (let top = days.length - 1; top > 0; top--) {
    const value = days[top] ?? 0;
    if (isSentinelOnTop(column, top)) found.add(value);
    else {
      if ((column.counts[top] ?? 0) >= often && value >= ROUND_GAP * (days[top - 1] ?? 0)) possible.add(value);
      break;
    }
  }
  for (const [i, value] of days.entries()) {
    if (found.has(value) || !/^9{2,}$/.test(String(value))) continue;
    if (isSpike(column, i)) found.add(value);
    else if (isOdd(column, i)) possible.add(value);
  }
  return { found, possible };
}

/** -1, -9, -99, … unless the number next to it occurs too: these were computed. Another one if it alone is repeated. */
function negativeSentinels(counts: ReadonlyMap<number, number>, often: number): readonly number[] {
  const negative = [...counts.keys()].filter((value) => value < 0);
  const typical = negative.filter(
    (value) =>
      (value === -1 || /^-9+$/.test(String(value))) &&
      !counts.has(value - 1) &&
      (value === -1 || !counts.has(value + 1)),
  );
  const others = negative.filter((value) => !typical.includes(value));
  return others.length === 1 && (counts.get(others[0] ?? 0) ?? 0) >= often ? [...typical, ...others] : typical;
}

/** Whether the largest value, but for the sentinels above it, is one. */
function isSentinelOnTop(column: Counted, top: number): boolean {
  const { days, counts, often } = column;
  const [value, below, count] = [days[top] ?? 0, days[top - 1] ?? 0, counts[top] ?? 0];
  const steps = (value - below) / stepBelow(days, top);
  const isFar = value >= TYPICAL_GAP * below;
  const isOften = count >= often;
  if (value === 99)
    return isOften && (isFar || steps > STEPS_APART_OF_99) && count >= ODD_OF_MOST * mostAround(column, top);
  const isApart = isFar || (isOften && steps > STEPS_APART);
  if (/^9{3,}$/.test(String(value)) || MACHINE.has(value)) return isApart;
  if (!isOften) return false;
  return (isRepeatedDigit(value) && isApart) || (isRound(value) && value >= ROUND_GAP * below);
}

/** Thousands, and ten years of days. */
const isRound = (value: number): boolean => /^[1-9]0{3,}$/.test(String(value)) || value === 3_650;

/** The mean distance between the values below. */
const stepBelow = (days: readonly number[], top: number): number =>
  Math.max(1, ((days[top - 1] ?? 0) - (days[0] ?? 0)) / Math.max(1, top - 1));

const around = (counts: readonly number[], at: number): readonly number[] => [
  ...counts.slice(Math.max(0, at - 5), at),
  ...counts.slice(at + 1, at + 6),
];
const mostAround = ({ counts }: Counted, at: number): number => Math.max(...around(counts, at));

function isSpike(column: Counted, at: number): boolean {
  const count = column.counts[at] ?? 0;
  const near = around(column.counts, at);
  const mean = near.reduce((sum, one) => sum + one, 0) / Math.max(1, near.length);
  const isHigh = count >= SPIKE_OF_MEAN * mean || count >= SPIKE_OF_MOST * mostAround(column, at);
  return near.length >= 5 && count >= SPIKE_CELLS && isHigh;
}

const isOdd = (column: Counted, at: number): boolean => {
  const count = column.counts[at] ?? 0;
  return around(column.counts, at).length >= 5 && count >= ODD_CELLS && count >= ODD_OF_MOST * mostAround(column, at);
};
