import type { Decision } from './cell.js';
import type { DateCell } from './year-place.js';

/** From so many cells on, days that never go beyond 12 are no chance. */
const ENOUGH = 30;

/**
 * A spreadsheet of another country takes the texts that it can read for dates, with month and day exchanged, and leaves
 * the others as texts. Then no day of a date is above 12, and in every text one part is. It cannot be proved, so it is
 * told.
 */
export function turnedDates(cells: readonly DateCell[]): Decision | undefined {
  let [dates, late, texts, open] = [0, 0, 0, 0];
  for (const { date, count } of cells) {
    const { style, readings } = date;
    if (style.parts === 'month by name') continue;
    if (readings.has('dmy') || readings.has('mdy')) {
      texts += count;
      if (readings.has('dmy') && readings.has('mdy')) open += count;
    } else {
      dates += count;
      if (Number(readings.get('ymd')?.slice(8) ?? 0) > 12) late += count;
    }
  }
  if (dates < ENOUGH || texts < ENOUGH || late > 0 || open > 0) return undefined;
  const what = 'dates in which a spreadsheet may have exchanged month and day';
  return { what, chosen: 'as they stand', by: 'default', evidence: { dates, texts } };
}
