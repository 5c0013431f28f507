import { addDays, isCalendarDate } from './calendar-date.js';
import { PermanentError } from './permanent-error.js';

/** A range of dates that is none. */
export class BadRange extends PermanentError {
  override readonly name = 'BadRange';
}

/** The step from one date to the next. */
export interface Step {
  readonly count: number;
  readonly unit: 'day' | 'week' | 'month';
}

export interface DateRange {
  readonly from: string;
  /** Belongs to the range, where a step ends on it. */
  readonly to: string;
  readonly every: Step;
}

/** `day`, `week`, `2 weeks`, `3 months`. Throws `BadRange`. */
export function parseStep(text: string): Step {
  const match = /^(?:([1-9]\d{0,2}) )?(day|week|month)(s?)$/.exec(text.trim());
  if (match === null || (match[3] === 's' && match[1] === undefined)) {
    throw new BadRange(`Expected a step such as day, week, '2 weeks' or month, got '${text}'`);
  }
  // The pattern admits no other unit.
  return { count: Number(match[1] ?? 1), unit: match[2] as Step['unit'] };
}

/** A state has to fit into one payload, and people have to read it. */
export const MOST_DATES = 2_000;

/**
 * The dates of a range, ascending, counted from its first. Months keep the day of the first date; a month that lacks it
 * gives its last day. Throws `BadRange`.
 */
export function datesOf({ from, to, every }: DateRange): readonly string[] {
  for (const [name, date] of Object.entries({ from, to })) {
    if (!isCalendarDate(date))
      throw new BadRange(`--${name}: Expected a date that exists, as YYYY-MM-DD, got '${date}'`);
  }
  if (from > to) throw new BadRange(`Expected --to at or after --from, got ${from} and ${to}`);
  const dates: string[] = [];
  for (let step = 0; ; step += 1) {
    const date = stepped(from, every, step);
    if (date > to) return dates;
    if (dates.length === MOST_DATES) {
      throw new BadRange(`Expected at most ${MOST_DATES} dates, got more from ${from} to ${to}: take several ranges`);
    }
    dates.push(date);
  }
}

function stepped(from: string, { count, unit }: Step, steps: number): string {
  if (unit !== 'month') return addDays(from, steps * count * (unit === 'week' ? 7 : 1));
  const [year = 0, month = 1, day = 1] = from.split('-').map(Number);
  const months = year * 12 + (month - 1) + steps * count;
  const first = `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}-01`;
  const last = Number(addDays(addDays(first, 31).slice(0, 8) + '01', -1).slice(8));
  return first.slice(0, 8) + String(Math.min(day, last)).padStart(2, '0');
}
