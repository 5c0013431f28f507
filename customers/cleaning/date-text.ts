import { addDays, isCalendarDate } from '../../dag/calendar-date.js';
import { monthFromName } from './month-names.js';
import { withoutAccents } from './tidy-text.js';

export type DateOrder = 'ymd' | 'dmy' | 'mdy';

/** A date as written: one that leaves no doubt, or two parts of which either may be the day. */
export type DateText =
  | { readonly date: string; readonly form: 'iso' | 'numbers' | 'name' | 'serial' | 'timestamp' }
  | {
      readonly first: number;
      readonly second: number;
      readonly year: number;
      /** What stands between the parts, and how many digits the year has: cells of one system share it. */
      readonly style: string;
    };

/** A time of day after the date, with or without a zone: the day is as written. */
const TIME =
  '(?:[t, ]+\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?\\s*(?:[ap]\\.?\\s?m\\.?)?\\s*(?:z|utc|gmt|[+-]\\d{2}:?\\d{2})?)?';
const YEAR_FIRST = new RegExp(`^(\\d{4})([-/. ])(\\d{1,2})\\2(\\d{1,2})${TIME}$`);
const YEAR_LAST = new RegExp(`^(\\d{1,2})([-/. ])(\\d{1,2})\\2(\\d{4}|\\d{2})${TIME}$`);
const COMPACT = new RegExp(`^(\\d{4})(\\d{2})(\\d{2})${TIME}$`);
const WEEKDAY = /^[a-z]{3,9}\.?(?:-feira)?,?\s+(?=\d|[a-z]{3})/;
const NAME_FIRST = new RegExp(`^([a-z]{3,10})\\.?[-/. ]*(\\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\\d{4}|\\d{2})${TIME}$`);
const NAME_SECOND = new RegExp(
  `^(\\d{1,2})(?:st|nd|rd|th|o|er|\\.)?[-/. ]*(?:de |of )?([a-z]{3,10})\\.?(?:[-/., ]+(?:de |del )?)(\\d{4}|\\d{2})${TIME}$`,
);
const NAME_BETWEEN = new RegExp(`^(\\d{4})[-/. ]([a-z]{3,10})\\.?[-/. ](\\d{1,2})${TIME}$`);
/** Days since the turn of the year 1900 as spreadsheets count them: 1955 to 2064. */
const SERIAL = /^([2-5]\d{4})(?:\.\d+)?$/;
const SERIAL_ZERO = '1899-12-30';
/** Seconds, or milliseconds, since 1970. */
const SECONDS = /^(\d{9,10})(\d{3})?$/;

/** Reads a tidied text as a date; undefined where it is none, or none that exists. `thisYear` is that of the run. */
export function readDateText(tidied: string, thisYear: number): DateText | undefined {
  const text = withoutAccents(tidied);
  const [, year, separator, month, day] = YEAR_FIRST.exec(text) ?? [];
  if (year !== undefined) {
    const isIso = separator === '-' && /^\d{4}-\d\d-\d\d$/.test(text);
    return exact(Number(year), Number(month), Number(day), isIso ? 'iso' : 'numbers');
  }
  const [, first, between, second, last] = YEAR_LAST.exec(text) ?? [];
  if (last !== undefined) {
    const style = `${between}${last.length}`;
    return { first: Number(first), second: Number(second), year: fullYear(last, thisYear), style };
  }
  return readNamed(text, thisYear) ?? readNumber(text);
}

function readNamed(text: string, thisYear: number): DateText | undefined {
  const [, year, between, late] = NAME_BETWEEN.exec(text) ?? [];
  if (between !== undefined) return named(between, Number(late), Number(year));
  // `lun 16 jun 2014`; without a weekday's name nothing changes.
  for (const without of [text, text.replace(WEEKDAY, '')]) {
    const [, first, firstDay, firstYear = ''] = NAME_FIRST.exec(without) ?? [];
    if (first !== undefined) return named(first, Number(firstDay), fullYear(firstYear, thisYear));
    const [, day, name, lastYear = ''] = NAME_SECOND.exec(without) ?? [];
    if (name !== undefined) return named(name, Number(day), fullYear(lastYear, thisYear));
  }
  return undefined;
}

function readNumber(text: string): DateText | undefined {
  const [, year, month, day] = COMPACT.exec(text) ?? [];
  if (year !== undefined) return exact(Number(year), Number(month), Number(day), 'numbers');
  const [, serial] = SERIAL.exec(text) ?? [];
  if (serial !== undefined) return { date: addDays(SERIAL_ZERO, Number(serial)), form: 'serial' };
  const [, seconds] = SECONDS.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  return { date: new Date(Number(seconds) * 1_000).toISOString().slice(0, 10), form: 'timestamp' };
}

function named(name: string, day: number, year: number): DateText | undefined {
  const month = monthFromName(name);
  return month === undefined ? undefined : exact(year, month, day, 'name');
}

function exact(year: number, month: number, day: number, form: 'iso' | 'numbers' | 'name'): DateText | undefined {
  const date = isoDate(year, month, day);
  return date === undefined ? undefined : { date, form };
}

/** As `YYYY-MM-DD`; undefined where there is no such day. */
export function isoDate(year: number, month: number, day: number): string | undefined {
  const date = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return isCalendarDate(date) ? date : undefined;
}

/** Of two digits, the latest year that ends so and is at most one after `thisYear`. */
export function fullYear(digits: string, thisYear: number): number {
  if (digits.length > 2) return Number(digits);
  const year = thisYear + 1 - ((((thisYear + 1 - Number(digits)) % 100) + 100) % 100);
  return year;
}
