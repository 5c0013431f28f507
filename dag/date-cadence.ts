import { addDays } from './calendar-date.js';

const DAY_MS = 86_400_000;

const daysBetween = (a: string, b: string): number => Math.round((Date.parse(b) - Date.parse(a)) / DAY_MS);

/** The distance, in days, of most of these dates from the next one; undefined where there is no such, or too few. */
export function cadenceOf(dates: readonly string[]): number | undefined {
  const ordered = dates.toSorted();
  const counts = new Map<number, number>();
  for (const [i, date] of ordered.slice(1).entries()) {
    const gap = daysBetween(ordered[i] ?? date, date);
    counts.set(gap, (counts.get(gap) ?? 0) + 1);
  }
  const [most] = [...counts].toSorted(([a, n], [b, m]) => m - n || a - b);
  if (most === undefined || most[1] < 2 || most[1] * 2 < ordered.length - 1) return undefined;
  return most[0] === 0 ? undefined : most[0];
}

/**
 * The dates that are missing between these where they come every so many days: only between two that are a multiple of it
 * apart, and, of a range that goes beyond them, before the first and after the last one.
 */
export function missingDates(
  dates: readonly string[],
  every: number,
  { from, to }: { readonly from?: string; readonly to?: string } = {},
): string[] {
  const ordered = [...new Set(dates)].toSorted();
  const missing: string[] = [];
  for (const [i, date] of ordered.slice(1).entries()) {
    const before = ordered[i] ?? date;
    if (daysBetween(before, date) % every !== 0) continue;
    for (let next = addDays(before, every); next < date; next = addDays(next, every)) missing.push(next);
  }
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first !== undefined && from !== undefined) {
    for (let next = addDays(first, -every); next >= from; next = addDays(next, -every)) missing.push(next);
  }
  if (last !== undefined && to !== undefined) {
    for (let next = addDays(last, every); next <= to; next = addDays(next, every)) missing.push(next);
  }
  return missing.toSorted();
}
