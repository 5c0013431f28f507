import { z } from 'zod';
import { MONTHS, MONTH_DAYS, WEEKDAYS, isEmpty } from '../dag/calendar.js';
import type { Calendar } from '../dag/calendar.js';
import type { Duration } from '../dag/duration.js';
import { milliseconds } from '../dag/duration.js';
import { timeZone } from '../dag/time-zone.js';
import { clockTime } from '../dag/timetable.js';

/** What becomes of a date that falls due while the run of an earlier one is at work, in Temporal's words. */
export const OVERLAPS = {
  bufferAll: 'BUFFER_ALL',
  bufferOne: 'BUFFER_ONE',
  skip: 'SKIP',
  cancelOther: 'CANCEL_OTHER',
  terminateOther: 'TERMINATE_OTHER',
  allowAll: 'ALLOW_ALL',
} as const;

export type Overlap = keyof typeof OVERLAPS;

/** The server takes no smaller window. */
const SHORTEST_CATCH_UP: Duration = '10 seconds';

const duration = z.custom<Duration>(isDuration, {
  error: (issue) => `Expected a length of time such as '30 minutes' or '2 days', got ${JSON.stringify(issue.input)}`,
});

function isDuration(value: unknown): boolean {
  try {
    // What is no such text is refused below.
    return typeof value === 'string' && milliseconds(value as Duration) >= 0;
  } catch {
    return false;
  }
}

/** One of the values, several, or those from one to another: `monday`, `[1, 15, last]`, `1..7`. */
const valuesOf = <const Value extends string | number>(all: readonly Value[], such: string) =>
  z
    .union([z.string(), z.number(), z.array(z.union([z.string(), z.number()])).min(1)])
    .transform((said, context): readonly Value[] => {
      const chosen = new Set<Value>();
      for (const one of Array.isArray(said) ? said : [said]) {
        const found = span(all, one);
        if (found === undefined) context.addIssue(`Expected ${such}, got ${JSON.stringify(one)}`);
        for (const value of found ?? []) chosen.add(value);
      }
      return all.filter((value) => chosen.has(value));
    });

function span<Value extends string | number>(
  all: readonly Value[],
  said: string | number,
): readonly Value[] | undefined {
  const [first, last = first, ...more] = String(said).split('..');
  const [from, to] = [first, last].map((end) => all.findIndex((value) => String(value) === end));
  if (from === undefined || to === undefined || from < 0 || to < from || more.length > 0) return undefined;
  return all.slice(from, to + 1);
}

const month = valuesOf(MONTHS, "months, such as january, [january, july] or 'june..august'");
const monthDay = valuesOf(MONTH_DAYS, "days of the month, such as 1, [15, last] or '1..7'");
const weekday = valuesOf(WEEKDAYS, "days of the week, such as monday, [monday, thursday] or 'monday..friday'");

const fields = z
  .strictObject(
    {
      daily: z.literal(true).exactOptional(),
      weekly: weekday.exactOptional(),
      monthly: monthDay.exactOptional(),
      month: month.exactOptional(),
      dayOfMonth: monthDay.exactOptional(),
      dayOfWeek: weekday.exactOptional(),
    },
    {
      error: ({ code }) =>
        code === 'invalid_type'
          ? 'Expected daily, { weekly: … }, { monthly: … }, or { month, dayOfMonth, dayOfWeek }'
          : undefined,
    },
  )
  .refine(({ daily, weekly, monthly, ...rest }) => {
    const kinds = [daily, weekly, monthly, Object.keys(rest).length === 0 ? undefined : rest];
    return kinds.filter((kind) => kind !== undefined).length === 1;
  }, 'Expected one of weekly, monthly, and the fields month, dayOfMonth and dayOfWeek');

/** In one form, whichever was written. */
const calendar = z
  .preprocess((said) => (said === 'daily' ? { daily: true } : said), fields)
  .transform(({ daily: _all, weekly, monthly, ...rest }): Calendar => {
    if (weekly !== undefined) return { dayOfWeek: weekly };
    return monthly === undefined ? rest : { dayOfMonth: monthly };
  })
  .refine((dates) => !isEmpty(dates), { error: 'Expected a calendar that has dates, got one that never has any' });

/** An entry of `schedules:` in the configuration: docs/schedules.md. */
export const scheduleSchema = z
  .strictObject({
    dag: z.string(),
    /** `daily`, `{ weekly: … }`, `{ monthly: … }`, or what a date has to match: `{ month, dayOfMonth, dayOfWeek }`. */
    calendar,
    /** The time at which a date falls due, on the clocks of the zone. */
    at: clockTime,
    /** By default the configuration's. */
    timeZone: timeZone.exactOptional(),
    /** A run starts up to so much later, by chance. */
    jitter: duration.default('0 seconds'),
    overlap: z.enum(Object.keys(OVERLAPS) as [Overlap, ...Overlap[]]).default('bufferAll'),
    /** How late a date is still run that could not be when it fell due. */
    catchUp: duration
      .refine((window) => milliseconds(window) >= milliseconds(SHORTEST_CATCH_UP), {
        error: `Expected at least ${SHORTEST_CATCH_UP}`,
      })
      .default('365 days'),
    pauseOnFailure: z.boolean().default(false),
    /** Of its runs, above `dags.<dag>`. */
    params: z
      .looseObject({
        fecha: z.undefined({ error: 'Expected no date: a schedule gives each run its own' }).exactOptional(),
      })
      .prefault({}),
    /** Of all tasks of its runs, above what the tasks say. */
    priority: z.literal([1, 2, 3, 4, 5]).exactOptional(),
  })
  .refine(({ overlap, pauseOnFailure }) => !(pauseOnFailure && overlap === 'allowAll'), {
    path: ['pauseOnFailure'],
    error: 'Expected another overlap than allowAll: of runs side by side the server does not follow how they end',
  });

export type ScheduleEntry = z.infer<typeof scheduleSchema>;

/** It is part of the ids of workflows. */
export const scheduleName = z
  .string()
  .regex(/^[\p{L}\p{N}._-]+$/u, { error: 'Expected a name of letters, digits, dots, dashes and underscores' });
