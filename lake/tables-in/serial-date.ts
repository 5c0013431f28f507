import type { NumberFormat } from './number-formats.js';

const DAY_MS = 86_400_000;
/** 9999-12-31, the last day that a spreadsheet can show. */
const LAST_DAY = 2_958_465;
const DAYS_TO_1904 = 1_462;

/**
 * The ISO text of a number in a date's format: days since 1899-12-31, or since 1904. The time of day is there when the
 * format has one or the number does, to the millisecond. A number below 1 is a time alone; in a date's format it is the
 * spreadsheet's day zero, `1900-01-00`. Day 60 of the 1900 calendar is `1900-02-29`, which was none: as the sheet shows
 * it, for the rules of dates to refuse. Undefined for what no calendar has.
 */
export function serialDate(serial: number, format: NumberFormat, date1904: boolean): string | undefined {
  if (!(serial >= 0)) return undefined;
  let day = Math.floor(serial);
  let ms = Math.round((serial - day) * DAY_MS);
  if (ms === DAY_MS) [day, ms] = [day + 1, 0];
  if (format === 'elapsed') return elapsed(day, ms);
  if (format === 'time' && day === 0) return timeOf(ms);
  if (date1904) day += DAYS_TO_1904;
  if (day > LAST_DAY) return undefined;
  const date = dateOf(day);
  return ms === 0 && format === 'date' ? date : `${date}T${timeOf(ms)}`;
}

function dateOf(day: number): string {
  if (day === 0) return '1900-01-00';
  if (day === 60) return '1900-02-29';
  // The calendar has a leap day in 1900 that never was: before it everything is a day off.
  const sinceUnixEpoch = day - 25_569 + (day < 60 ? 1 : 0);
  return new Date(sinceUnixEpoch * DAY_MS).toISOString().slice(0, 10);
}

const timeOf = (ms: number): string => {
  const iso = new Date(ms).toISOString();
  return iso.slice(11, ms % 1_000 === 0 ? 19 : 23);
};

/** `36:00:00` */
const elapsed = (days: number, ms: number): string => {
  const [hours = '', ...rest] = timeOf(ms).split(':');
  return [String(days * 24 + Number(hours)), ...rest].join(':');
};
