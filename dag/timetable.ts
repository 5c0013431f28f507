import { z } from 'zod';
import { addDays } from './calendar-date.js';
import { calendarSchema, datesFrom, datesUpTo } from './calendar.js';
import type { Calendar } from './calendar.js';
import { milliseconds } from './duration.js';
import { timeZone } from './time-zone.js';
import { CLOCK_TIME, clocksDiffer, readClock } from './wall-clock.js';

/** A time of the day as `HH:MM`, `00:00` to `23:59`. */
export const clockTime = z.string().regex(CLOCK_TIME, {
  error: (issue) => `Expected a time of the day such as '06:00', got '${String(issue.input)}'`,
});

/** Dates, and the time at which each falls due, on the clocks of a zone. One moment a date. */
export interface Timetable {
  readonly calendar: Calendar;
  readonly at: string;
  readonly timeZone: string;
}

export const timetableFields = { calendar: calendarSchema, at: clockTime, timeZone };

/** When a date falls due, in epoch milliseconds, also one that is not on the calendar. */
export const dueMoment = ({ at, timeZone }: Timetable, date: string): number => readClock(date, at, timeZone).moment;

/** The calendar's latest date that was due at a moment: at the date's own moment it is that date. */
export function latestDue(timetable: Timetable, moment: number): string | undefined {
  // No zone is a day ahead of UTC: what is due by now is at most tomorrow's.
  for (const date of datesUpTo(timetable.calendar, addDays(utcDate(moment), 1))) {
    if (dueMoment(timetable, date) <= moment) return date;
  }
  return undefined;
}

/** The dates that fall due after a moment, the next one first. */
export function* comingDates(timetable: Timetable, moment: number): Generator<string> {
  for (const date of datesFrom(timetable.calendar, addDays(utcDate(moment), -1))) {
    if (dueMoment(timetable, date) > moment) yield date;
  }
}

/** The first `count` of `comingDates`. */
export function nextDates(timetable: Timetable, moment: number, count: number): readonly string[] {
  const dates: string[] = [];
  for (const date of comingDates(timetable, moment)) {
    if (dates.length >= count) break;
    dates.push(date);
  }
  return dates;
}

const DAY = milliseconds('1 day');

/** No zone sets its clocks forwards and back within so many days; the shortest such time, Ramadan, is a month. */
const STEADY_DAYS = 10;

/** The first of the dates of a span at which clocks leave the time out (`times: 0`) or show it twice. */
export function unevenDate(
  { calendar, at, timeZone }: Timetable,
  span: { readonly from: string; readonly to: string },
): { readonly date: string; readonly times: 0 | 2 } | undefined {
  let evenUpTo = '';
  for (const date of datesFrom(calendar, span.from)) {
    if (date > span.to) return undefined;
    if (date <= evenUpTo) continue;
    const midnight = Date.parse(`${date}T00:00:00Z`);
    if (!clocksDiffer(timeZone, midnight - 2 * DAY, midnight + (STEADY_DAYS - 2) * DAY)) {
      // Two days less at either end: dates and times of the zone are not those of UTC.
      evenUpTo = addDays(date, STEADY_DAYS - 4);
      continue;
    }
    const { times } = readClock(date, at, timeZone);
    if (times !== 1) return { date, times };
  }
  return undefined;
}

const utcDate = (moment: number): string => new Date(moment).toISOString().slice(0, 10);
