import type { CalendarSpecDescription, ScheduleSpecDescription } from '@temporalio/client';
import { MONTHS, WEEKDAYS } from '../dag/calendar.js';
import type { Calendar, Month } from '../dag/calendar.js';
import type { Timetable } from '../dag/timetable.js';

/**
 * A timetable as Temporal's schedules take it, and as the server gives it back: nothing is left out, so that the two can
 * be compared. The server matches what clocks show, so it leaves out a date on which they do not show the time, and
 * starts twice where they show it twice; such a time is refused before (`planned-schedules.ts`).
 */
export function scheduleSpec({ calendar, at, timeZone }: Timetable): ScheduleSpecDescription {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  const months = calendar.month ?? MONTHS;
  const shared = {
    second: only(0),
    minute: only(minute),
    hour: only(hour),
    month: calendar.month === undefined ? EVERY_MONTH : calendar.month.flatMap((month) => only(nameOf(month))),
    year: [],
    dayOfWeek: EVERY_WEEKDAY,
    comment: '',
  };
  return {
    calendars: dayMatches(calendar, months).map((match) => ({ ...shared, ...match })),
    intervals: [],
    skip: notOf(calendar, hour, minute),
    timezone: timeZone,
  };
}

/**
 * What is none of the schedule's, though server 1.32 takes it for that:
 *
 * - All that clocks show beside the time. East of UTC, when clocks are put back, it also starts an hour after a time in
 *   the hour before the one that comes twice (Europe/Madrid, 01:30).
 * - Other days of the week, which are therefore not said in the calendars themselves: it takes a date without a midnight
 *   for the day before (America/Santiago, a Sunday in September), and would lose its run, at whatever hour.
 */
function notOf({ dayOfWeek = WEEKDAYS }: Calendar, hour: number, minute: number): CalendarSpecDescription[] {
  const otherDays = WEEKDAYS.filter((day) => !dayOfWeek.includes(day));
  const any = {
    second: [{ start: 0, end: 59, step: 1 }],
    minute: [{ start: 0, end: 59, step: 1 }],
    hour: [{ start: 0, end: 23, step: 1 }],
    dayOfMonth: EVERY_DAY,
    month: EVERY_MONTH,
    year: [],
    dayOfWeek: EVERY_WEEKDAY,
    comment: '',
  };
  return [
    { ...any, hour: allBut(hour, 23) },
    { ...any, minute: allBut(minute, 59) },
    ...(otherDays.length === 0 ? [] : [{ ...any, dayOfWeek: otherDays.flatMap((day) => only(nameOf(day))) }]),
  ];
}

const allBut = (value: number, last: number) =>
  [
    { start: 0, end: value - 1, step: 1 },
    { start: value + 1, end: last, step: 1 },
  ].filter(({ start, end }) => start <= end);

type Names = CalendarSpecDescription['month'][number]['start'] | CalendarSpecDescription['dayOfWeek'][number]['start'];

/** Temporal writes them in capitals. */
const nameOf = <Name extends Lowercase<Names>>(name: Name) => name.toUpperCase() as Uppercase<Name>;

const only = <Value>(value: Value) => [{ start: value, end: value, step: 1 }];
const EVERY_DAY = [{ start: 1, end: 31, step: 1 }];
const EVERY_MONTH = [{ start: nameOf(MONTHS[0]), end: nameOf(MONTHS[11]), step: 1 }];
const EVERY_WEEKDAY = [{ start: nameOf(WEEKDAYS[0]), end: nameOf(WEEKDAYS[6]), step: 1 }];

type DayMatch = Pick<CalendarSpecDescription, 'dayOfMonth'> & Partial<Pick<CalendarSpecDescription, 'month' | 'year'>>;

/** Temporal has no word for the last day of a month: it is said for each length of month. */
function dayMatches({ dayOfMonth }: Calendar, months: readonly Month[]): readonly DayMatch[] {
  if (dayOfMonth === undefined) return [{ dayOfMonth: EVERY_DAY }];
  const numbers = dayOfMonth.filter((day) => day !== 'last');
  return [
    ...(numbers.length === 0 ? [] : [{ dayOfMonth: numbers.flatMap(only) }]),
    ...(dayOfMonth.includes('last') ? LAST_DAYS.flatMap((last) => ofMonths(last, months)) : []),
  ];
}

interface LastDay {
  readonly day: number;
  readonly months: readonly Month[];
  readonly years?: CalendarSpecDescription['year'];
}

/** Years that are no leap years, as far as the server's calendars go: to 2100. */
const COMMON_YEARS = [
  { start: 2001, end: 2097, step: 4 },
  { start: 2002, end: 2098, step: 4 },
  { start: 2003, end: 2099, step: 4 },
  { start: 2100, end: 2100, step: 1 },
];

const LAST_DAYS: readonly LastDay[] = [
  { day: 31, months: ['january', 'march', 'may', 'july', 'august', 'october', 'december'] },
  { day: 30, months: ['april', 'june', 'september', 'november'] },
  { day: 29, months: ['february'] },
  { day: 28, months: ['february'], years: COMMON_YEARS },
];

function ofMonths({ day, months, years = [] }: LastDay, wanted: readonly Month[]): readonly DayMatch[] {
  const both = months.filter((month) => wanted.includes(month));
  return both.length === 0
    ? []
    : [{ dayOfMonth: only(day), month: both.flatMap((month) => only(nameOf(month))), year: years }];
}
