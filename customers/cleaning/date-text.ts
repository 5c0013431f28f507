import { addDays, isCalendarDate } from '../../dag/calendar-date.js';
import { numericDate } from './date-parts.js';
import type { PartsDate } from './date-parts.js';
import { namedDate } from './named-date.js';
import { withoutAccents } from './tidy-text.js';
import { dayOfMoment } from './time-of-day.js';
import { weekdaysNamed } from './weekday-names.js';

/** A date as written: in day, month and year, or as a count from a day. A time of day is left out. */
export type DateText = (PartsDate | { readonly date: string; readonly form: 'serial' | 'timestamp' }) & {
  readonly hasTime: boolean;
};

/** Days since the turn of the year 1900 as spreadsheets count them: 1927 to 2064. */
const SERIAL = /^([1-5]\d{4})(?:[.,]\d+)?$/;
const SERIAL_ZERO = '1899-12-30';
/** Seconds since 1970, or thousandths, millionths, billionths of them. */
const SECONDS = /^(\d{9,10}|-\d{9,11})(?:\d{3}){0,3}(?:\.0+)?$/;
/** Of .NET. */
const WRAPPED_MILLISECONDS = /^\/?date\((-?\d+)(?:[+-]\d{4})?\)\/?$/;
const WEEKDAY = /^([a-z]{2,13})(?:-feira| feira)?[., ]+(?=\S)|[, ]*\(?([a-z]{3,13})(?:-feira)?\)?$/;

/** Longer texts are notes, and the patterns take time for them. */
const LONGEST = 100;

/** Reads a tidied text as a date; undefined where it is none, or none that exists. `thisYear` is that of the run. */
export function readDateText(tidied: string, thisYear: number): DateText | undefined {
  if (tidied.length > LONGEST) return undefined;
  const text = withoutAccents(tidied)
    .replace(/^["'([](.*)["')\]]$/, '$1')
    .replace(WRAPPED_MILLISECONDS, '$1')
    .replace(/(?<=\d) ?([-/.,\\])\1? ?(?=\d)/g, '$1')
    .replace(/(?<=\d) del? (?=\d)/g, '/')
    .replace(/(?<=\d)[.,;]$/, '');
  const found = readMoment(text, thisYear);
  if (found !== undefined) return found;
  // `lun 16/06/2014`, `2014-06-16 (Monday)`; `mar 16 2014` was a day of March.
  const [whole = '', before, after] = WEEKDAY.exec(text) ?? [];
  const days = weekdaysNamed(before ?? after ?? '');
  if (days.size === 0) return undefined;
  const day = readMoment(text.replace(whole, ''), thisYear);
  return day !== undefined && 'readings' in day ? onWeekday(day, days) : undefined;
}

function readMoment(text: string, thisYear: number): DateText | undefined {
  const { day, hasTime } = dayOfMoment(text);
  const found = numericDate(day, thisYear) ?? namedDate(day, thisYear) ?? countedDate(day);
  return found && { ...found, hasTime };
}

/** Where some orders give the weekday that stands beside it and others do not, only the former are left. */
function onWeekday<Found extends PartsDate>(date: Found, days: ReadonlySet<number>): Found {
  const fitting = [...date.readings].filter(([, day]) => days.has(new Date(`${day}T00:00:00Z`).getUTCDay() || 7));
  return fitting.length === 0 ? date : { ...date, readings: new Map(fitting) };
}

function countedDate(text: string): { readonly date: string; readonly form: 'serial' | 'timestamp' } | undefined {
  const [, serial] = SERIAL.exec(text) ?? [];
  if (serial !== undefined) return { date: addDays(SERIAL_ZERO, Number(serial)), form: 'serial' };
  const [, seconds] = SECONDS.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  const date = new Date(Number(seconds) * 1_000).toISOString().slice(0, 10);
  return isCalendarDate(date) ? { date, form: 'timestamp' } : undefined;
}
