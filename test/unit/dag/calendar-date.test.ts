import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, calendarDate, isCalendarDate } from '../../../dag/calendar-date.js';

const day = fc
  .date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2200-12-31T00:00:00Z'), noInvalidDate: true })
  .map((moment) => moment.toISOString().slice(0, 10));

describe('a calendar date', () => {
  it.each(['2017-07-03', '2024-02-29', '2000-02-29', '1999-12-31'])('%s exists', (text) => {
    expect(isCalendarDate(text)).toBe(true);
    expect(calendarDate.parse(text)).toBe(text);
  });

  it.each(['2023-02-29', '1900-02-29', '2026-02-30', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00'])(
    '%s does not exist',
    (text) => {
      expect(isCalendarDate(text)).toBe(false);
    },
  );

  it.each(['', '2017-7-3', '03/07/2017', '20170703', '2017-07-03T00:00:00Z', ' 2017-07-03', '2017-07-03\n', 'today'])(
    "'%s' is not written as one",
    (text) => {
      const { error } = calendarDate.safeParse(text);
      expect(error?.issues[0]?.message).toBe(`Expected a date that exists, as YYYY-MM-DD, got '${text}'`);
    },
  );
});

describe('addDays', () => {
  it.each([
    ['2017-07-03', 7, '2017-07-10'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2023-02-28', 1, '2023-03-01'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-03-29', 0, '2026-03-29'],
  ])('%s and %i days is %s', (date, days, expected) => {
    expect(addDays(date, days)).toBe(expected);
  });

  it('goes back the way it came, and orders dates as text', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 4_000 }), (date, days) => {
        const later = addDays(date, days);
        expect(addDays(later, -days)).toBe(date);
        expect(later > date).toBe(true);
      }),
    );
  });
});
