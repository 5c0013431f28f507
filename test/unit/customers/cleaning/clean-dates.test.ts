import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanColumn } from '../../../../customers/cleaning/clean-column.js';
import type { CleanedColumn } from '../../../../customers/cleaning/cell.js';
import { columnRule } from '../../../../customers/column-rule.js';
import { addDays } from '../../../../dag/calendar-date.js';
import { becomes, spellingsOf } from './cells.js';

const clean = (cells: readonly string[], rule: object = {}): CleanedColumn =>
  cleanColumn(spellingsOf(cells), columnRule.parse({ kind: 'date', ...rule }), '2026-07-01');
const one = (text: string, rule: object = {}): string | undefined => becomes([text], clean([text], rule))[0];

const date = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('1971-01-02', days));
const orders = {
  dmy: (y: string, m: string, d: string) => [d, m, y],
  mdy: (y: string, m: string, d: string) => [m, d, y],
  ymd: (y: string, m: string, d: string) => [y, m, d],
};

describe('a date', () => {
  it('is the date again in every order and style, in a column with evidence of the order', () => {
    const style = fc.record({
      order: fc.constantFrom<keyof typeof orders>('dmy', 'mdy', 'ymd'),
      between: fc.constantFrom('/', '-', '.', ' '),
      padded: fc.boolean(),
      time: fc.constantFrom('', ' 00:00', ' 10:30:15', ' 4:05 pm'),
    });
    fc.assert(
      fc.property(fc.array(date, { minLength: 1, maxLength: 20 }), style, (dates, { order, between, padded, time }) => {
        const written = (iso: string): string => {
          const [y = '', m = '', d = ''] = iso.split('-');
          const short = (part: string): string => (padded ? part : String(Number(part)));
          return orders[order](y, short(m), short(d)).join(between) + time;
        };
        const cells = ['2014-06-16', ...dates].map(written);
        expect(becomes(cells, clean(cells))).toEqual(['2014-06-16', ...dates]);
      }),
    );
  });

  it('is never of two orders in one style, where no cell leaves a doubt or none is read', () => {
    const [first, second] = [fc.integer({ min: 1, max: 31 }), fc.integer({ min: 1, max: 31 })];
    fc.assert(
      fc.property(fc.array(fc.tuple(first, second), { minLength: 1, maxLength: 40 }), (pairs) => {
        const cells = pairs.map(([a, b]) => `${a}/${b}/2014`);
        const read = becomes(cells, clean(cells));
        const used = new Set(
          pairs.flatMap(([a, b], i) => {
            const [, month, day] = read[i]?.split('-').map(Number) ?? [];
            const isOpen = a <= 12 && b <= 12 && a !== b && read[i] !== 'null';
            return isOpen ? [month === a && day === b ? 'mdy' : 'dmy'] : [];
          }),
        );
        expect(used.size).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each([
    ['16 jun 2014', '2014-06-16'],
    ['16-Jun-14', '2014-06-16'],
    ['June 16th, 2014', '2014-06-16'],
    ['16 de junho de 2014', '2014-06-16'],
    ['lunes, 16 de junio de 2014', '2014-06-16'],
    ['16 sept. 2014', '2014-09-16'],
    ['1º de março de 2014', '2014-03-01'],
    ['2014-Jun-16', '2014-06-16'],
    ['16 ene 2014', '2014-01-16'],
    ['16 dez 2014', '2014-12-16'],
    ['2014-06-16T23:59:59-03:00', '2014-06-16'],
    ['20140616', '2014-06-16'],
    ['41806', '2014-06-16'],
    ['41806.5', '2014-06-16'],
    ['1402900000', '2014-06-16'],
    ['1402900000000', '2014-06-16'],
    ['16/06/65', '1965-06-16'],
    ['16/06/27', '2027-06-16'],
    ['16/06/28', '1928-06-16'],
    ['29/02/2013', 'null'],
    ['2014-13-01', 'null'],
    ['16 foo 2014', 'null'],
    ['2014', 'null'],
    ['junio 2014', 'null'],
    ['9999-12-31', 'null'],
    ['01/01/1900', 'null'],
    ['00/00/0000', 'null'],
  ])('%s is %s', (text, value) => {
    expect(one(text)).toBe(value);
  });

  it('is flagged outside of the bounds', () => {
    expect(one('2014-06-16', { min: '2015-01-01' })).toBe('2014-06-16!below-min');
    expect(one('2014-06-16', { max: '2013-01-01' })).toBe('2014-06-16!above-max');
  });
});

describe('the order of day and month', () => {
  it('is told by the cells in the same style before the rest', () => {
    const cells = ['6/16/14', '3/4/14', '16-06-2014', '03-04-2014'];
    const cleaned = clean(cells);
    expect(becomes(cells, cleaned)).toEqual(['2014-06-16', '2014-03-04', '2014-06-16', '2014-04-03']);
    expect(cleaned.decisions.map(({ what, chosen }) => [what, chosen])).toEqual([
      ['date order', 'undecided'],
      ['date order with / and a year of 2 digits', 'mdy'],
      ['date order with - and a year of 4 digits', 'dmy'],
    ]);
  });

  it('counts against a few slips', () => {
    const cells = [
      ...Array.from({ length: 12 }, (_, i) => `${i + 13}/06/2014`),
      ...Array.from({ length: 8 }, (_, i) => `${i + 20}/07/2014`),
    ];
    expect(
      becomes([...cells, '06/16/2014', '03/04/2014'], clean([...cells, '06/16/2014', '03/04/2014'])).slice(-2),
    ).toEqual(['2014-06-16', '2014-04-03']);
  });

  it('tells where a spreadsheet may have exchanged month and day before', () => {
    const iso = Array.from({ length: 36 }, (_, i) => `2014-${String((i % 12) + 1).padStart(2, '0')}-0${(i % 9) + 1}`);
    const texts = Array.from({ length: 36 }, (_, i) => `${13 + (i % 15)}/0${(i % 9) + 1}/2014`);
    const told = clean([...iso, ...texts]).decisions.map(({ what }) => what);
    expect(told).toContain('dates in which a spreadsheet may have exchanged month and day');
    expect(clean([...iso, ...texts, '2014-01-20']).decisions).toHaveLength(1);
  });
});
