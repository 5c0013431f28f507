import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../dag/calendar-date.js';
import { calendarSchema, datesFrom, datesUpTo, describeCalendar, hasDate, isEmpty } from '../../../dag/calendar.js';
import type { Calendar } from '../../../dag/calendar.js';
import { anyCalendar, anyDate } from './timetables.js';

const first = (dates: Generator<string>, count: number): string[] => {
  const found: string[] = [];
  for (const date of dates) {
    found.push(date);
    if (found.length === count) break;
  }
  return found;
};

describe('the dates of a calendar', () => {
  it.each<[string, Calendar, string, string[]]>([
    ['every day', {}, '2028-02-28', ['2028-02-28', '2028-02-29', '2028-03-01']],
    [
      'days of the week',
      { dayOfWeek: ['monday', 'thursday'] },
      '2026-11-17',
      ['2026-11-19', '2026-11-23', '2026-11-26'],
    ],
    ['the last of the month', { dayOfMonth: ['last'] }, '2027-01-31', ['2027-01-31', '2027-02-28', '2027-03-31']],
    ['it in a leap year', { dayOfMonth: ['last'] }, '2028-02-01', ['2028-02-29', '2028-03-31', '2028-04-30']],
    ['it at the end of the century', { dayOfMonth: ['last'] }, '2100-02-01', ['2100-02-28', '2100-03-31']],
    ['a day and the last', { dayOfMonth: [28, 'last'] }, '2027-02-01', ['2027-02-28', '2027-03-28', '2027-03-31']],
    [
      'the 31st, only where there is one',
      { dayOfMonth: [31] },
      '2027-01-01',
      ['2027-01-31', '2027-03-31', '2027-05-31'],
    ],
    ['the 29th of February', { month: ['february'], dayOfMonth: [29] }, '2026-01-01', ['2028-02-29', '2032-02-29']],
    [
      'the first Monday of January',
      { month: ['january'], dayOfMonth: [1, 2, 3, 4, 5, 6, 7], dayOfWeek: ['monday'] },
      '2026-11-01',
      ['2027-01-04', '2028-01-03', '2029-01-01'],
    ],
    [
      'the rarest of all',
      { month: ['february'], dayOfMonth: [29], dayOfWeek: ['monday'] },
      '2072-03-01',
      ['2112-02-29', '2140-02-29'],
    ],
  ])('are %s', (_name, calendar, from, expected) => {
    expect(first(datesFrom(calendar, from), expected.length)).toEqual(expected);
  });

  it('are those that it has, none left out, in either direction', () => {
    fc.assert(
      fc.property(anyCalendar, anyDate, fc.integer({ min: 0, max: 400 }), (calendar, from, days) => {
        const to = addDays(from, days);
        const span = Array.from({ length: days + 1 }, (_, i) => addDays(from, i)).filter((date) =>
          hasDate(calendar, date),
        );
        const upwards: string[] = [];
        for (const date of datesFrom(calendar, from)) {
          if (date > to) break;
          upwards.push(date);
        }
        const downwards: string[] = [];
        for (const date of datesUpTo(calendar, to)) {
          if (date < from) break;
          downwards.push(date);
        }
        expect(upwards).toEqual(span);
        expect(downwards.toReversed()).toEqual(span);
      }),
    );
  });

  it('are as many of each kind as the Gregorian calendar has in four hundred years', () => {
    const count = (calendar: Calendar): number => {
      let dates = 0;
      for (const date of datesFrom(calendar, '2000-01-01')) {
        if (date >= '2400-01-01') break;
        dates += 1;
      }
      return dates;
    };
    expect(count({ dayOfMonth: ['last'] })).toBe(4_800);
    expect(count({ month: ['february'], dayOfMonth: [29] })).toBe(97);
    expect(count({ dayOfWeek: ['sunday'] })).toBe(20_871);
    expect(count({ month: ['february'], dayOfMonth: [29], dayOfWeek: ['monday'] })).toBe(15);
  });

  it('are none for a day that no month has', () => {
    expect(isEmpty({ month: ['february'], dayOfMonth: [30] })).toBe(true);
    expect(isEmpty({ month: ['april', 'june'], dayOfMonth: [31] })).toBe(true);
    expect(isEmpty({ month: ['february'], dayOfMonth: [29], dayOfWeek: ['tuesday'] })).toBe(false);
  });
});

describe('describeCalendar', () => {
  it.each<[Calendar, string]>([
    [{}, 'every day'],
    [{ dayOfWeek: ['monday'] }, 'monday'],
    [{ dayOfWeek: ['monday', 'tuesday', 'wednesday', 'friday'] }, 'monday..wednesday, friday'],
    [{ dayOfMonth: [15, 'last'] }, 'day 15, last'],
    [{ dayOfMonth: [29, 30, 31, 'last'] }, 'day 29..31, last'],
    [{ month: ['january'], dayOfMonth: [1, 2], dayOfWeek: ['monday'] }, 'january; day 1, 2; monday'],
  ])('of %j is %s', (calendar, said) => {
    expect(describeCalendar(calendar)).toBe(said);
  });

  it('says the same of two calendars only where they have the same dates', () => {
    fc.assert(
      fc.property(anyCalendar, anyCalendar, (one, other) => {
        if (describeCalendar(one) !== describeCalendar(other)) return;
        expect(first(datesFrom(one, '2026-01-01'), 50)).toEqual(first(datesFrom(other, '2026-01-01'), 50));
      }),
    );
  });
});

describe('calendarSchema', () => {
  it('takes every calendar, and refuses what is none', () => {
    fc.assert(
      fc.property(anyCalendar, (calendar) => {
        expect(calendarSchema.parse(calendar)).toEqual(calendar);
      }),
    );
    for (const wrong of [
      { dayOfMonth: [0] },
      { dayOfMonth: [32] },
      { dayOfWeek: [] },
      { month: ['enero'] },
      { day: 1 },
    ]) {
      expect(calendarSchema.safeParse(wrong).success).toBe(false);
    }
  });
});
