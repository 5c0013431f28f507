import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../dag/calendar-date.js';
import { hasDate } from '../../../dag/calendar.js';
import { dueMoment, latestDue, nextDates, unevenDate } from '../../../dag/timetable.js';
import type { Timetable } from '../../../dag/timetable.js';
import { readClock } from '../../../dag/wall-clock.js';
import { anyCalendar, anyTime, ZONES } from './timetables.js';

const anyTimetable: fc.Arbitrary<Timetable> = fc.record({
  calendar: anyCalendar,
  at: anyTime,
  timeZone: fc.constantFrom(...ZONES),
});

const anyMoment = fc.integer({ min: Date.parse('2000-01-01T00:00:00Z'), max: Date.parse('2060-01-01T00:00:00Z') });

const mondays: Timetable = { calendar: { dayOfWeek: ['monday'] }, at: '06:00', timeZone: 'America/New_York' };
const at = (moment: string): number => Date.parse(moment);

describe('the latest date that was due', () => {
  it.each([
    // 06:00 is 11:00Z in winter, 10:00Z in summer.
    ['2027-03-08T10:59:59Z', '2027-03-01'],
    ['2027-03-08T11:00:00Z', '2027-03-08'],
    ['2027-03-14T23:00:00Z', '2027-03-08'],
    ['2027-03-15T09:59:59Z', '2027-03-08'],
    ['2027-03-15T10:00:00Z', '2027-03-15'],
  ])('at %s is %s, whatever the clocks do in between', (moment, fecha) => {
    expect(latestDue(mondays, at(moment))).toBe(fecha);
  });

  it('is that of the zone where it is another day than in UTC', () => {
    const daily = { calendar: {}, at: '00:30' };
    expect(latestDue({ ...daily, timeZone: 'Pacific/Kiritimati' }, at('2026-11-15T10:30:00Z'))).toBe('2026-11-16');
    expect(latestDue({ ...daily, timeZone: 'Pacific/Pago_Pago' }, at('2026-11-17T11:29:59Z'))).toBe('2026-11-16');
  });

  it('is the last of the month, leap years and all', () => {
    const last: Timetable = { calendar: { dayOfMonth: ['last'] }, at: '23:30', timeZone: 'America/Bogota' };
    expect(latestDue(last, at('2028-03-01T04:29:59Z'))).toBe('2028-01-31');
    expect(latestDue(last, at('2028-03-01T04:30:00Z'))).toBe('2028-02-29');
  });

  it('of a moment is due by then, and every later one after it', () => {
    fc.assert(
      fc.property(anyTimetable, anyMoment, (timetable, moment) => {
        const latest = latestDue(timetable, moment) ?? '';
        expect(hasDate(timetable.calendar, latest)).toBe(true);
        expect(dueMoment(timetable, latest)).toBeLessThanOrEqual(moment);
        const [next = ''] = nextDates(timetable, moment, 1);
        expect(dueMoment(timetable, next)).toBeGreaterThan(moment);
        for (let date = addDays(latest, 1); date < next && date < addDays(latest, 60); date = addDays(date, 1)) {
          expect(hasDate(timetable.calendar, date)).toBe(false);
        }
      }),
    );
  });

  it('at the moment at which a date falls due is that date', () => {
    fc.assert(
      fc.property(anyTimetable, anyMoment, (timetable, moment) => {
        const dates = nextDates(timetable, moment, 3);
        expect(dates.map((date) => latestDue(timetable, dueMoment(timetable, date)))).toEqual(dates);
        // And the millisecond before, the one before it.
        const [first = '', second = ''] = dates;
        expect(latestDue(timetable, dueMoment(timetable, second) - 1)).toBe(first);
      }),
    );
  });
});

describe('the coming dates', () => {
  it('do not have the one that is due at the moment itself', () => {
    expect(nextDates(mondays, at('2027-03-08T10:59:59Z'), 1)).toEqual(['2027-03-08']);
    expect(nextDates(mondays, at('2027-03-08T11:00:00Z'), 2)).toEqual(['2027-03-15', '2027-03-22']);
  });

  it('fall due one after the other, whatever the clocks do', () => {
    fc.assert(
      fc.property(anyTimetable, anyMoment, (timetable, moment) => {
        const dues = nextDates(timetable, moment, 20).map((date) => dueMoment(timetable, date));
        expect(dues).toEqual([...new Set(dues)].toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('a date on which clocks do not show the time once', () => {
  const span = { from: '2026-11-21', to: '2046-12-31' };

  it.each<[string, Timetable, object | undefined]>([
    ['a gap', { calendar: {}, at: '02:30', timeZone: 'America/New_York' }, { date: '2027-03-14', times: 0 }],
    ['an overlap', { calendar: {}, at: '01:30', timeZone: 'America/New_York' }, { date: '2027-11-07', times: 2 }],
    ['neither', { calendar: {}, at: '03:00', timeZone: 'America/New_York' }, undefined],
    ['a calendar without such dates', { ...mondays, at: '02:30' }, undefined],
    // The last Sunday of March, on which clocks in Madrid go forwards, is the last of the month in 2030; that of October,
    // on which they go back, in 2027.
    [
      'a month end',
      { calendar: { month: ['march'], dayOfMonth: ['last'] }, at: '02:30', timeZone: 'Europe/Madrid' },
      { date: '2030-03-31', times: 0 },
    ],
    ['a midnight', { calendar: {}, at: '00:00', timeZone: 'America/Santiago' }, { date: '2027-09-05', times: 0 }],
    ['a zone that keeps its clocks', { calendar: {}, at: '02:30', timeZone: 'America/Bogota' }, undefined],
  ])('is found: %s', (_name, timetable, expected) => {
    expect(unevenDate(timetable, span)).toEqual(expected);
  });

  it('is the first one of all dates', () => {
    const short = { from: '2026-01-01', to: '2028-12-31' };
    fc.assert(
      fc.property(anyTimetable, (timetable) => {
        const found = unevenDate(timetable, short);
        const slow = Array.from({ length: 1_096 }, (_, i) => addDays(short.from, i))
          .filter((date) => hasDate(timetable.calendar, date))
          .find((date) => readClock(date, timetable.at, timetable.timeZone).times !== 1);
        expect(found?.date).toBe(slow);
      }),
      { numRuns: 20 },
    );
  });
});
