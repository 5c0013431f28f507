import { z } from 'zod';

/** In the order of Date.getUTCDay and of Temporal. */
export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

export const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;

export type Month = (typeof MONTHS)[number];

/** A day of the month, or its last one, whichever that is. */
export type MonthDay = number | 'last';

/**
 * A set of dates: those that match everything it says. What it does not say is every day's.
 *
 *     {}                                                   // daily
 *     { dayOfWeek: ['monday'] }
 *     { dayOfMonth: [15, 'last'] }
 *     { month: ['january'], dayOfMonth: [1, 2, 3, 4, 5, 6, 7], dayOfWeek: ['monday'] }   // its first Monday
 *
 * A month without the day (the 31st of April) has no such date.
 */
export interface Calendar {
  readonly month?: readonly Month[];
  readonly dayOfMonth?: readonly MonthDay[];
  readonly dayOfWeek?: readonly Weekday[];
}

const monthDay = z.union([z.literal('last'), z.number().int().min(1).max(31)]);

export const calendarSchema: z.ZodType<Calendar> = z.strictObject({
  month: z.array(z.enum(MONTHS)).min(1).readonly().exactOptional(),
  dayOfMonth: z.array(monthDay).min(1).readonly().exactOptional(),
  dayOfWeek: z.array(z.enum(WEEKDAYS)).min(1).readonly().exactOptional(),
});

const DAY_MS = 86_400_000;

/**
 * The longest that a calendar can go without a date, and has any, in days: that of a 29th of February on one day of the
 * week, over a turn of a century that is no leap year.
 */
const LONGEST_GAP = 14_610;

export const hasDate = (calendar: Calendar, date: string): boolean => hasDay(calendar, Date.parse(`${date}T00:00:00Z`));

/** By its midnight in UTC, in epoch milliseconds. */
function hasDay({ month, dayOfMonth, dayOfWeek }: Calendar, midnight: number): boolean {
  const day = new Date(midnight);
  return (
    isAmong(month, MONTHS[day.getUTCMonth()]) &&
    isAmong(dayOfWeek, WEEKDAYS[day.getUTCDay()]) &&
    (isAmong(dayOfMonth, day.getUTCDate()) ||
      (isAmong(dayOfMonth, 'last') && new Date(midnight + DAY_MS).getUTCDate() === 1))
  );
}

const isAmong = <Value>(said: readonly Value[] | undefined, value: Value | undefined): boolean =>
  said === undefined || (value !== undefined && said.includes(value));

/** The dates from one on, this one included; none at all where the calendar has none (a 30th of February). */
export const datesFrom = (calendar: Calendar, date: string): Generator<string> => walk(calendar, date, 1);

/** The dates up to one and this one included, the latest first. */
export const datesUpTo = (calendar: Calendar, date: string): Generator<string> => walk(calendar, date, -1);

function* walk(calendar: Calendar, from: string, step: 1 | -1): Generator<string> {
  let day = Date.parse(`${from}T00:00:00Z`);
  for (let without = 0; without <= LONGEST_GAP; without += 1) {
    if (hasDay(calendar, day)) {
      yield new Date(day).toISOString().slice(0, 10);
      without = 0;
    }
    day += step * DAY_MS;
  }
}

/** Whether it has dates at all. */
export const isEmpty = (calendar: Calendar): boolean => datesFrom(calendar, '2000-01-01').next().done === true;

/** `monday, thursday`; `day 15, last`; `january; day 1..7; monday`; `every day`. */
export function describeCalendar({ month, dayOfMonth, dayOfWeek }: Calendar): string {
  const parts = [
    ...(month === undefined ? [] : [spans(month, MONTHS)]),
    ...(dayOfMonth === undefined ? [] : [`day ${spans(dayOfMonth, MONTH_DAYS)}`]),
    ...(dayOfWeek === undefined ? [] : [spans(dayOfWeek, WEEKDAYS)]),
  ];
  return parts.length === 0 ? 'every day' : parts.join('; ');
}

/** In the order in which they come. */
export const MONTH_DAYS: readonly MonthDay[] = [...Array.from({ length: 31 }, (_, i) => i + 1), 'last'];

/** Three or more that follow each other as `1..7`. */
function spans<Value extends string | number>(values: readonly Value[], all: readonly Value[]): string {
  const said: string[] = [];
  let run: Value[] = [];
  const close = (): void => {
    if (run.length > 2) said.push([run[0], run.at(-1)].join('..'));
    else said.push(...run.map(String));
    run = [];
  };
  for (const value of all) {
    if (values.includes(value) && value !== 'last') run.push(value);
    else close();
  }
  close();
  if (all.some((value) => value === 'last' && values.includes(value))) said.push('last');
  return said.join(', ');
}
