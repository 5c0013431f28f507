// When the server starts a schedule, by its own computation, beside our calendars.
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { Client, Connection } from '@temporalio/client';
import type { ScheduleHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { scheduleSpec } from '../../cli/schedule-spec.js';
import { serverTimes } from '../../cli/server-times.js';
import type { TemporalClient } from '../../cli/temporal-client.js';
import { addDays } from '../../dag/calendar-date.js';
import { comingDates, dueMoment, unevenDate } from '../../dag/timetable.js';
import type { Timetable } from '../../dag/timetable.js';
import { anyCalendar, anyTime, ZONES } from '../unit/dag/timetables.js';

let connection: Connection;
let temporal: TemporalClient;

beforeAll(async () => {
  const address = inject('temporalAddress');
  connection = await Connection.connect({ address });
  const client = new Client({ connection });
  temporal = { client, address, taskQueue: 'none', runUrl: (id) => id, close: async () => {} };
});

/** They take seconds to delete one by one. */
const made: ScheduleHandle[] = [];

afterAll(async () => {
  await Promise.all(made.map(async (handle) => handle.delete()));
  await connection.close();
});

const at = (date: string): number => Date.parse(`${date}T00:00:00Z`);
const utc = (moment: number): string => new Date(moment).toISOString();

/** What the server says of a timetable, over each span: a schedule of its own, which never starts anything. */
async function askServer(
  timetable: Timetable,
  spans: readonly (readonly [string, string])[],
  jitter = 0,
): Promise<readonly number[]> {
  const scheduleId = `times-${randomUUID()}`;
  const handle = await temporal.client.schedule.create({
    scheduleId,
    spec: { ...scheduleSpec(timetable), jitter },
    action: { type: 'startWorkflow', workflowType: 'none', taskQueue: 'none' },
    state: { paused: true },
  });
  made.push(handle);
  const times: number[] = [];
  for (const [from, to] of spans) times.push(...(await serverTimes(temporal, scheduleId, at(from), at(to))));
  return times;
}

/** After the one moment and up to the other, as the server counts. */
function ours(timetable: Timetable, spans: readonly (readonly [string, string])[]): readonly number[] {
  return spans.flatMap(([from, to]) => {
    const dues: number[] = [];
    for (const date of comingDates(timetable, at(from))) {
      const due = dueMoment(timetable, date);
      if (due > at(to)) break;
      dues.push(due);
    }
    return dues;
  });
}

/** Eight years, in which every date meets a leap year, and clocks change sixteen times; 1000 times are told at once. */
const YEARS = [
  ['2026-01-01', '2028-06-01'],
  ['2028-06-01', '2031-01-01'],
  ['2031-01-01', '2033-06-01'],
  ['2033-06-01', '2035-12-31'],
] as const;

const daily = { calendar: {}, at: '06:00' };

describe('the times of a schedule on the server', () => {
  it.each(ZONES)('are the moments at which our dates fall due, over years of changing clocks: %s', async (timeZone) => {
    const timetable = { ...daily, timeZone };
    const expected = ours(timetable, YEARS);
    expect(expected.length).toBeGreaterThan(3_600);
    expect(await askServer(timetable, YEARS)).toEqual(expected);
  });

  it.each<[string, Timetable['calendar']]>([
    ['the last of the month', { dayOfMonth: ['last'] }],
    ['it, and the days it may fall on', { dayOfMonth: [28, 29, 30, 31, 'last'] }],
    ['the last of February', { month: ['february'], dayOfMonth: ['last'] }],
    ['the last of the month, if a Friday', { dayOfMonth: ['last'], dayOfWeek: ['friday'] }],
    ['the 31st', { dayOfMonth: [31] }],
    ['the 29th of February', { month: ['february'], dayOfMonth: [29] }],
  ])('are those of %s, leap years and all', async (_name, calendar) => {
    const timetable = { calendar, at: '23:30', timeZone: 'America/New_York' };
    // With the end of the century that is no leap year, and of what the server's calendars know.
    const spans = [...YEARS, ['2096-01-01', '2100-12-30']] as const;
    const expected = ours(timetable, spans);
    expect(expected.length).toBeGreaterThan(1);
    expect(await askServer(timetable, spans)).toEqual(expected);
  });

  it('are those of any calendar, at any time that its dates have once', async () => {
    const even = fc
      .record({ calendar: anyCalendar, at: anyTime, timeZone: fc.constantFrom(...ZONES) })
      .filter((timetable) => unevenDate(timetable, { from: '2025-12-30', to: '2036-01-02' }) === undefined);
    await fc.assert(
      fc.asyncProperty(even, async (timetable) => {
        expect(await askServer(timetable, YEARS)).toEqual(ours(timetable, YEARS));
      }),
      { numRuns: 40 },
    );
  });

  it('are later by up to the jitter, the same at every asking', async () => {
    const timetable = { ...daily, timeZone: 'America/Bogota' };
    const span = [['2026-01-01', '2026-12-31']] as const;
    const [times, dues] = [await askServer(timetable, span, 600_000), ours(timetable, span)];
    expect(times.length).toBe(dues.length);
    const late = times.map((time, i) => time - (dues[i] ?? 0));
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThanOrEqual(600_000);
    expect(new Set(late).size).toBeGreaterThan(10);
  });
});

describe('a date that has no midnight', () => {
  it.each([
    ['America/Santiago', '2027-09-05', 'sunday'],
    ['America/Santiago', '2027-09-05', 'saturday'],
    ['America/Havana', '2027-03-14', 'sunday'],
    ['America/Havana', '2027-03-14', 'saturday'],
    ['Asia/Beirut', '2027-03-28', 'sunday'],
    ['Asia/Beirut', '2027-03-28', 'saturday'],
  ] as const)('is none lost, and none of another day: %s around %s, each %s', async (timeZone, date, day) => {
    for (const time of ['01:00', '06:00', '23:30']) {
      const timetable = { calendar: { dayOfWeek: [day] }, at: time, timeZone };
      const span = [[addDays(date, -8), addDays(date, 9)]] as const;
      expect(ours(timetable, span).length).toBeGreaterThan(1);
      expect(await askServer(timetable, span)).toEqual(ours(timetable, span));
    }
  });
});

describe('a time in the hour before clocks are put back', () => {
  it.each([
    ['Europe/Madrid', '01:30', '2027-10-31'],
    ['Europe/London', '00:00', '2027-10-31'],
    ['Africa/Casablanca', '01:00', '2032-11-28'],
    ['Pacific/Chatham', '02:30', '2027-04-04'],
    ['Australia/Lord_Howe', '01:00', '2027-04-04'],
    ['America/New_York', '00:30', '2027-11-07'],
  ])('comes once: %s, %s on %s', async (timeZone, time, date) => {
    const timetable = { calendar: {}, at: time, timeZone };
    const span = [[addDays(date, -1), addDays(date, 2)]] as const;
    expect(await askServer(timetable, span)).toEqual(ours(timetable, span));
  });
});

// Why a time that clocks leave out or show twice on a date of the calendar is refused.
describe('a time that clocks do not show once on a date', () => {
  const around = [['2027-03-12', '2027-03-16']] as const;
  const autumn = [['2027-11-05', '2027-11-09']] as const;

  it('is left out by the server where clocks leave it out, and the date with it', async () => {
    const timetable = { calendar: {}, at: '02:30', timeZone: 'America/New_York' };
    const times = (await askServer(timetable, around)).map(utc);
    expect(times.map((time) => time.slice(0, 10))).toEqual(['2027-03-12', '2027-03-13', '2027-03-15']);
    expect(unevenDate(timetable, { from: '2027-03-12', to: '2027-03-16' })?.date).toBe('2027-03-14');
  });

  it('comes twice where clocks show it twice', async () => {
    const timetable = { calendar: {}, at: '01:30', timeZone: 'America/New_York' };
    const times = (await askServer(timetable, autumn)).map(utc);
    expect(times.filter((time) => time.startsWith('2027-11-07'))).toEqual([
      '2027-11-07T05:30:00.000Z',
      '2027-11-07T06:30:00.000Z',
    ]);
    expect(unevenDate(timetable, { from: '2027-11-05', to: '2027-11-09' })?.date).toBe('2027-11-07');
  });

  it('comes once, the second time, east of UTC', async () => {
    const timetable = { calendar: {}, at: '02:30', timeZone: 'Europe/Madrid' };
    const times = (await askServer(timetable, [['2027-10-30', '2027-11-02']])).map(utc);
    expect(times).toEqual(['2027-10-30T00:30:00.000Z', '2027-10-31T01:30:00.000Z', '2027-11-01T01:30:00.000Z']);
    expect(unevenDate(timetable, { from: '2027-10-30', to: '2027-11-02' })?.date).toBe('2027-10-31');
  });
});
