import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../dag/calendar-date.js';
import { deadlineOf } from '../../../dag/deadline.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

const startOf = (fecha: string, timeZone: string): number => deadlineOf(fecha, '0 seconds', timeZone);
const utc = (moment: number): string => new Date(moment).toISOString();

/** What calendars in a zone show at a moment, as YYYY-MM-DD. */
function calendarOf(timeZone: string): (moment: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (moment) => format.format(moment);
}

describe('deadlineOf', () => {
  it('is a length of time after the start of the date in the zone', () => {
    expect(utc(deadlineOf('2026-11-16', '30 hours', 'America/Bogota'))).toBe('2026-11-17T11:00:00.000Z');
    expect(utc(deadlineOf('2026-11-16', '2 days', 'Asia/Kathmandu'))).toBe('2026-11-17T18:15:00.000Z');
    expect(utc(deadlineOf('1970-01-01', '0 seconds', 'UTC'))).toBe('1970-01-01T00:00:00.000Z');
  });

  it('counts the time that passes, not what clocks show', () => {
    // Clocks in New York go from 02:00 to 03:00 on the first date and from 02:00 to 01:00 on the second.
    expect(utc(deadlineOf('2026-03-08', '6 hours', 'America/New_York'))).toBe('2026-03-08T11:00:00.000Z');
    expect(utc(deadlineOf('2026-11-01', '1 day', 'America/New_York'))).toBe('2026-11-02T04:00:00.000Z');
  });

  it.each([
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
    ['America/Bogota', '1992-05-03', '1992-05-03T05:00:00.000Z'],
    ['Asia/Beirut', '2022-03-27', '2022-03-26T22:00:00.000Z'],
    ['America/Havana', '2024-03-10', '2024-03-10T05:00:00.000Z'],
    // Clocks went from 23:30 on the day before to 00:30.
    ['America/Toronto', '1919-03-31', '1919-03-31T04:30:00.000Z'],
  ])('is the first moment of the date where it has no midnight: %s, %s', (timeZone, fecha, expected) => {
    expect(utc(startOf(fecha, timeZone))).toBe(expected);
  });

  it.each([
    // From 01:00 back to 00:00, and from 00:01 back to 23:01 of the day before.
    ['America/Havana', '2024-11-03', '2024-11-03T04:00:00.000Z'],
    ['America/St_Johns', '2010-11-07', '2010-11-07T02:30:00.000Z'],
  ])('is the first midnight where there are two: %s, %s', (timeZone, fecha, expected) => {
    expect(utc(startOf(fecha, timeZone))).toBe(expected);
  });

  it('is the one midnight where clocks go back to the hour before it', () => {
    // From 24:00 back to 23:00.
    expect(utc(startOf('2019-02-17', 'America/Sao_Paulo'))).toBe('2019-02-17T03:00:00.000Z');
  });

  it('starts a date that the zone left out when the next one starts', () => {
    expect(utc(startOf('2011-12-30', 'Pacific/Apia'))).toBe('2011-12-30T10:00:00.000Z');
    expect(startOf('2011-12-31', 'Pacific/Apia')).toBe(startOf('2011-12-30', 'Pacific/Apia'));
  });

  it('starts a date that the zone had twice with the first one', () => {
    expect(utc(startOf('1969-09-30', 'Pacific/Kwajalein'))).toBe('1969-09-29T13:00:00.000Z');
  });

  it('knows the offsets of the time before standard time, with their seconds', () => {
    expect(utc(startOf('1900-01-01', 'America/Bogota'))).toBe('1900-01-01T04:56:16.000Z');
  });

  it('refuses what is no date, duration or zone', () => {
    expect(() => startOf('2026-02-30', 'UTC')).toThrow("Expected a date that exists, as YYYY-MM-DD, got '2026-02-30'");
    expect(() => startOf('2026-11-16', 'Mars/Olympus')).toThrow(RangeError);
    // What the type refuses can still come from untyped places.
    expect(() => deadlineOf('2026-11-16', '1 week' as '1 day', 'UTC')).toThrow(/Expected a duration/);
  });

  it('starts every date of any zone and year when calendars there first show it', () => {
    const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    fc.assert(
      fc.property(zone, fc.integer({ min: 1900, max: 2100 }), fc.nat({ max: 364 }), (timeZone, year, nth) => {
        const calendar = calendarOf(timeZone);
        for (const fecha of [addDays(`${year}-01-01`, nth), ...datesOfChange(timeZone, year)]) {
          const start = startOf(fecha, timeZone);
          expect(calendar(start) >= fecha, `${timeZone} ${fecha} starts too early`).toBe(true);
          for (const earlier of [1, ...upTo(120).map((minutes) => minutes * MINUTE), DAY]) {
            expect(calendar(start - earlier) < fecha, `${timeZone} ${fecha} starts too late`).toBe(true);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

/** The dates of a year around those on which the zone's clocks change. */
function datesOfChange(timeZone: string, year: number): string[] {
  const hour = new Intl.DateTimeFormat('en', { timeZone, timeStyle: 'medium', hourCycle: 'h23' });
  const noon = (date: string): number => Date.parse(`${date}T12:00:00Z`);
  const dates = upTo(364).map((nth) => addDays(`${year}-01-01`, nth));
  return dates
    .filter((date) => hour.format(noon(date)) !== hour.format(noon(date) - DAY))
    .flatMap((date) => [-1, 0, 1].map((days) => addDays(date, days)));
}
