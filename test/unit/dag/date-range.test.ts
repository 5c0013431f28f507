import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../dag/calendar-date.js';
import { BadRange, MOST_DATES, datesOf, parseStep } from '../../../dag/date-range.js';
import type { Step } from '../../../dag/date-range.js';

const dates = (from: string, to: string, every: string): readonly string[] =>
  datesOf({ from, to, every: parseStep(every) });

describe('the dates of a range', () => {
  it('are counted from its first, and the last one belongs to it where a step ends on it', () => {
    expect(dates('2017-03-06', '2017-03-20', 'week')).toEqual(['2017-03-06', '2017-03-13', '2017-03-20']);
    expect(dates('2017-03-06', '2017-03-19', 'week')).toEqual(['2017-03-06', '2017-03-13']);
    expect(dates('2017-12-31', '2018-01-02', 'day')).toEqual(['2017-12-31', '2018-01-01', '2018-01-02']);
    expect(dates('2017-03-06', '2017-04-06', '2 weeks')).toEqual(['2017-03-06', '2017-03-20', '2017-04-03']);
    expect(dates('2017-03-06', '2017-03-06', 'month')).toEqual(['2017-03-06']);
  });

  it('of months keep the day of the first date, or take the last of a month that lacks it', () => {
    expect(dates('2019-12-31', '2020-05-01', 'month')).toEqual([
      '2019-12-31',
      '2020-01-31',
      '2020-02-29',
      '2020-03-31',
      '2020-04-30',
    ]);
    expect(dates('2017-11-30', '2018-05-30', '3 months')).toEqual(['2017-11-30', '2018-02-28', '2018-05-30']);
  });

  const day = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('1980-01-01', days));
  const step: fc.Arbitrary<Step> = fc.record({
    count: fc.integer({ min: 1, max: 20 }),
    unit: fc.constantFrom('day', 'week', 'month'),
  });

  it('ascend within the range, and a longer range only adds to a shorter one', () => {
    fc.assert(
      fc.property(day, fc.nat(600), fc.nat(600), step, (from, length, more, every) => {
        const to = addDays(from, length);
        const found = datesOf({ from, to, every });
        expect(found[0]).toBe(from);
        expect(found).toEqual([...new Set(found)].toSorted());
        expect((found.at(-1) ?? '') <= to).toBe(true);
        expect(datesOf({ from, to: addDays(to, more), every }).slice(0, found.length)).toEqual(found);
      }),
    );
  });

  it('of days and weeks are equally far apart', () => {
    fc.assert(
      fc.property(day, fc.nat(400), step, (from, length, every) => {
        fc.pre(every.unit !== 'month');
        const apart = every.count * (every.unit === 'week' ? 7 : 1);
        const found = datesOf({ from, to: addDays(from, length), every });
        expect(found).toEqual(found.map((_, at) => addDays(from, at * apart)));
        expect(found).toHaveLength(Math.floor(length / apart) + 1);
      }),
    );
  });

  it.each([
    ['2017-02-29', '2017-03-01', '--from: Expected a date that exists, as YYYY-MM-DD'],
    ['2017-02-01', 'mañana', '--to: Expected a date that exists, as YYYY-MM-DD'],
    ['2017-02-02', '2017-02-01', 'Expected --to at or after --from'],
    ['1900-01-01', '2017-02-01', `Expected at most ${MOST_DATES} dates`],
  ])('are refused from %s to %s', (from, to, why) => {
    expect(() => dates(from, to, 'day')).toThrow(BadRange);
    expect(() => dates(from, to, 'day')).toThrow(why);
  });
});

describe('a step', () => {
  it.each(['', 'weeks', '0 weeks', '1.5 weeks', 'weekly', 'year', '-1 day', '1000 days'])('is not %j', (text) => {
    expect(() => parseStep(text)).toThrow(`Expected a step such as day, week, '2 weeks' or month, got '${text}'`);
  });
});
