import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../dag/calendar-date.js';
import { cadenceOf, missingDates } from '../../../dag/date-cadence.js';

describe('cadenceOf', () => {
  it.each<[string, readonly string[], number | undefined]>([
    ['weeks', ['2017-07-03', '2017-07-10', '2017-07-17'], 7],
    ['weeks, one of them missing, in any order', ['2017-07-31', '2017-07-03', '2017-07-10', '2017-07-17'], 7],
    ['days', ['2017-07-03', '2017-07-04', '2017-07-05', '2017-07-07'], 1],
    ['two dates, which tell nothing', ['2017-07-03', '2017-07-10'], undefined],
    ['dates without order', ['2017-07-03', '2017-07-04', '2017-07-10', '2017-07-30'], undefined],
    ['none', [], undefined],
  ])('of %s', (_, dates, expected) => {
    expect(cadenceOf(dates)).toBe(expected);
  });
});

describe('missingDates', () => {
  it('are those between two dates that are a multiple apart, and no others', () => {
    expect(missingDates(['2017-07-03', '2017-07-24', '2017-07-26'], 7)).toEqual(['2017-07-10', '2017-07-17']);
  });

  it('go on to the ends of a range', () => {
    expect(missingDates(['2017-07-10'], 7, { from: '2017-06-26', to: '2017-07-20' })).toEqual([
      '2017-06-26',
      '2017-07-03',
      '2017-07-17',
    ]);
  });

  it('together with those there are leave no gap, whichever were taken away', () => {
    const weeks = Array.from({ length: 20 }, (_, i) => addDays('2017-01-02', 7 * i));
    fc.assert(
      fc.property(fc.subarray(weeks.slice(1, -1)), (some) => {
        const there = [...some, weeks[0] ?? '', weeks.at(-1) ?? ''];
        expect([...there, ...missingDates(there, 7)].toSorted()).toEqual(weeks);
      }),
    );
  });
});
