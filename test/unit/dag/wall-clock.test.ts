import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../dag/calendar-date.js';
import { readClock, showClock } from '../../../dag/wall-clock.js';

const QUARTER = 15 * 60_000;

const utc = (moment: number): string => new Date(moment).toISOString().replace(':00.000Z', 'Z');

/** What clocks in a zone show at a moment, by another way of asking: `2027-03-14 03:00`. */
function clockOf(timeZone: string): (moment: number) => string {
  const format = new Intl.DateTimeFormat('sv', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (moment) => format.format(moment);
}

describe('readClock', () => {
  it.each([
    ['2027-03-15', '06:00', 'America/New_York', '2027-03-15T10:00Z', 1],
    ['2026-11-16', '23:45', 'Asia/Kathmandu', '2026-11-16T18:00Z', 1],
    // From 02:00 to 03:00, and from 02:00 back to 01:00.
    ['2027-03-14', '01:59', 'America/New_York', '2027-03-14T06:59Z', 1],
    ['2027-03-14', '02:00', 'America/New_York', '2027-03-14T07:00Z', 0],
    ['2027-03-14', '02:59', 'America/New_York', '2027-03-14T07:00Z', 0],
    ['2027-03-14', '03:00', 'America/New_York', '2027-03-14T07:00Z', 1],
    ['2027-11-07', '00:59', 'America/New_York', '2027-11-07T04:59Z', 1],
    ['2027-11-07', '01:00', 'America/New_York', '2027-11-07T05:00Z', 2],
    ['2027-11-07', '01:59', 'America/New_York', '2027-11-07T05:59Z', 2],
    ['2027-11-07', '02:00', 'America/New_York', '2027-11-07T07:00Z', 1],
    // East of UTC, and by half an hour.
    ['2027-03-28', '02:30', 'Europe/Madrid', '2027-03-28T01:00Z', 0],
    ['2027-10-31', '02:30', 'Europe/Madrid', '2027-10-31T00:30Z', 2],
    ['2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:30Z', 0],
    ['2026-04-05', '01:45', 'Australia/Lord_Howe', '2026-04-04T14:45Z', 2],
    // Midnight.
    ['2018-11-04', '00:00', 'America/Sao_Paulo', '2018-11-04T03:00Z', 0],
    ['2026-11-01', '00:30', 'America/Havana', '2026-11-01T04:30Z', 2],
    // A date that the zone left out.
    ['2011-12-30', '06:00', 'Pacific/Apia', '2011-12-30T10:00Z', 0],
    ['2011-12-31', '06:00', 'Pacific/Apia', '2011-12-30T16:00Z', 1],
  ])('%s %s in %s is %s, shown %i times', (date, time, timeZone, moment, times) => {
    const reading = readClock(date, time, timeZone);
    expect([utc(reading.moment), reading.times]).toEqual([moment, times]);
  });

  it('counts how often clocks show it, and gives the first time they do', () => {
    const zones = [
      'America/New_York',
      'America/Havana',
      'Europe/Madrid',
      'Africa/Casablanca',
      'Pacific/Chatham',
      'UTC',
    ];
    const change = fc.constantFrom('2027-03-14', '2026-11-01', '2027-03-28', '2027-10-31', '2027-02-07', '2027-04-04');
    assertAll(
      fc.tuple(change, fc.integer({ min: -1, max: 1 }), fc.integer({ min: 0, max: 95 }), fc.constantFrom(...zones)),
      ([near, days, quarter, timeZone]) => {
        const date = addDays(near, days);
        const time = new Date(quarter * QUARTER).toISOString().slice(11, 16);
        const { moment, times } = readClock(date, time, timeZone);
        const shows = clockOf(timeZone);
        const inUtc = Date.parse(`${date}T${time}:00Z`);
        // No zone is more than 14 hours off UTC, and all are by quarters of an hour.
        const found = Array.from({ length: 113 }, (_, i) => inUtc + (i - 56) * QUARTER).filter(
          (candidate) => shows(candidate) === `${date} ${time}`,
        );
        expect(times).toBe(found.length);
        if (times > 0) expect(moment).toBe(found[0]);
        // Nothing is shown between the minute before the change and a later one.
        else expect(shows(moment - 60_000) < `${date} ${time}` && shows(moment) > `${date} ${time}`).toBe(true);
      },
    );
  });

  it.each([
    ['2027-02-29', '06:00', 'UTC', "Expected a date that exists, as YYYY-MM-DD, got '2027-02-29'"],
    ['2027-02-28', '24:00', 'UTC', "Expected a time of the day such as '06:00', got '24:00'"],
    ['2027-02-28', '6:00', 'UTC', "Expected a time of the day such as '06:00', got '6:00'"],
    ['2027-02-28', '06:00', 'Marte/Olimpo', 'Marte/Olimpo'],
  ])('refuses %s %s %s', (date, time, timeZone, message) => {
    expect(() => readClock(date, time, timeZone)).toThrow(RangeError);
    expect(() => readClock(date, time, timeZone)).toThrow(message);
  });
});

describe('showClock', () => {
  it.each([
    ['America/Bogota', '2026-11-16 06:00 -05:00'],
    ['Asia/Kathmandu', '2026-11-16 16:45 +05:45'],
    ['UTC', '2026-11-16 11:00 +00:00'],
  ])('shows a moment as clocks do in %s, with their distance from UTC', (timeZone, shown) => {
    expect(showClock(Date.parse('2026-11-16T11:00:00Z'), timeZone)).toBe(shown);
  });
});

function assertAll<Value>(arbitrary: fc.Arbitrary<Value>, check: (value: Value) => void): void {
  fc.assert(fc.property(arbitrary, check));
}
