import { addTo } from './tally.js';
import { cellsOf } from './weighted.js';
import type { Weighted } from './weighted.js';

/** With fewer different values nothing can be said of one of them. */
const ENOUGH = 10;
/** How many times the next value a repeated digit, and any other value, must be to be out of the question. */
const PLACEHOLDER_GAP = 2;
const FAR_GAP = 20;
/** More than this share of the cells is no slip of somebody's. */
const FEW = 0.005;

/** Of values that are hardly ever the same, one that comes so often, and so many times as often as any other, is no value. */
const RECURS = 5;
const TIMES_AS_OFTEN = 3;
const UNIQUE = 0.9;
const LEAST_REPEATED = 1_000;

/**
 * Values that cannot be meant, and why.
 *
 * - `placeholder`: one digit repeated (666666, 9999), at least twice the largest of all others, or recurring where the
 *   others are nearly all different; or -1, -9, -99, …, the only negative value.
 * - `negative`: another one below zero, where few cells are.
 * - `far-out`: at least twenty times what comes below it, which few cells are.
 *
 * Takes every value of a column, in any order.
 */
export function findFarOut(values: readonly Weighted[]): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  const distinct = distinctValues(values);
  const positive = distinct.findIndex((value) => value > 0);
  const negative = distinct.findIndex((value) => value >= 0);
  const [first = 0] = distinct;
  if (negative === 1 && distinct.length > ENOUGH && isNegativePlaceholder(first)) found.set(first, 'placeholder');
  else if (negative > 0 && distinct.length - negative >= ENOUGH) flagNegative(values, found);
  if (positive < 0) return found;
  const placeholders = distinct.slice(positive).filter(isRepeatedDigit);
  const ordinary = distinct.slice(positive).filter((value) => !isRepeatedDigit(value));
  const largest = ordinary.at(-1);
  if (largest === undefined || ordinary.length < ENOUGH) return found;
  for (const value of placeholders) if (value >= PLACEHOLDER_GAP * largest) found.set(value, 'placeholder');
  for (const value of recurring(values)) found.set(value, 'placeholder');
  const few = Math.max(1, FEW * cellsOf(values));
  // Downwards, as long as what is above the gap may still be few cells.
  for (let i = ordinary.length - 1; i >= Math.max(ENOUGH, ordinary.length - few); i--) {
    const [value, below] = [ordinary[i] ?? 0, ordinary[i - 1] ?? 0];
    if (value < FAR_GAP * below) continue;
    const above = values.reduce((sum, one) => (one.value >= value && !found.has(one.value) ? sum + one.count : sum), 0);
    if (above <= few) for (const far of ordinary.slice(i)) found.set(far, 'far-out');
    break;
  }
  return found;
}

/** Repeated digits that come again and again in a column of measured values, of which hardly any comes twice. */
function recurring(values: readonly Weighted[]): readonly number[] {
  const counts = new Map<number, number>();
  for (const { value, count } of values) addTo(counts, value, count);
  // Nothing is measured about a zero.
  counts.delete(0);
  const candidates: number[] = [];
  let [different, cells, most] = [0, 0, 0];
  for (const [value, count] of counts) {
    if (value >= LEAST_REPEATED && isRepeatedDigit(value)) {
      if (count >= RECURS) candidates.push(value);
      continue;
    }
    different++;
    cells += count;
    most = Math.max(most, count);
  }
  if (candidates.length === 0 || different < UNIQUE * cells) return [];
  return candidates.filter((value) => (counts.get(value) ?? 0) >= TIMES_AS_OFTEN * most);
}

/** Few negative values in a column of others are no balances. */
function flagNegative(values: readonly Weighted[], found: Map<number, string>): void {
  const negative = values.filter(({ value }) => value < 0);
  if (cellsOf(negative) > FEW * cellsOf(values)) return;
  for (const { value } of negative) found.set(value, 'negative');
}

function distinctValues(values: readonly Weighted[]): Float64Array {
  const sorted = Float64Array.from(values, ({ value }) => value).toSorted();
  return sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
}

/** 111, 666666; at least three digits. */
export const isRepeatedDigit = (value: number): boolean =>
  Number.isInteger(value) && value > 100 && /^([1-9])\1{2,}$/.test(String(value));

const isNegativePlaceholder = (value: number): boolean => value === -1 || /^-9+$/.test(String(value));
