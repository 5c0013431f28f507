import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CleanedColumn } from '../../../../customers/cleaning/cell.js';
import { addDays, isCalendarDate } from '../../../../dag/calendar-date.js';
import { becomes, cleanCells } from './cells.js';

const clean = (cells: readonly string[], rule: object = {}): CleanedColumn =>
  cleanCells(cells, { kind: 'date', ...rule });
const one = (text: string, rule: object = {}): string | undefined => becomes([text], clean([text], rule))[0];

const date = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('1971-01-02', days));
const orders = {
  dmy: (y: string, m: string, d: string) => [d, m, y],
  mdy: (y: string, m: string, d: string) => [m, d, y],
  ymd: (y: string, m: string, d: string) => [y, m, d],
  ydm: (y: string, m: string, d: string) => [y, d, m],
};

/** Cells that are a day in one order only, whatever the style. */
const DECISIVE = ['1999-06-16', '1999-10-25', '2000-02-28'];
const MONTHS = 'ene feb mar abr may jun jul ago sep oct nov dic'.split(' ');

describe('a date', () => {
  const shown = (dates: readonly string[], written: (y: string, m: string, d: string) => string): void => {
    const all = [...DECISIVE, ...dates];
    const cells = all.map((iso) => written(iso.slice(0, 4), iso.slice(5, 7), iso.slice(8)));
    expect(becomes(cells, clean(cells))).toEqual(all);
  };
  const dates = fc.array(date, { maxLength: 20 });

  it('is the date again in every order and style, in a column with evidence of the order', () => {
    const style = fc.record({
      order: fc.constantFrom<keyof typeof orders>('dmy', 'mdy', 'ymd', 'ydm'),
      between: fc.constantFrom('/', '-', '.', ' ', ' / ', ', ', '_'),
      padded: fc.boolean(),
      time: fc.constantFrom('', ' 00:00', ' 10:30:15', ' 4:05 pm', ', 16:05:10.123 UTC', ' 10:30 -0300'),
    });
    fc.assert(
      fc.property(dates, style, (days, { order, between, padded, time }) => {
        const short = (part: string): string => (padded ? part : String(Number(part)));
        shown(days, (y, m, d) => orders[order](y, short(m), short(d)).join(between) + time);
      }),
    );
  });

  it('is the date again with a year of two digits, wherever that stands', () => {
    const style = fc.record({
      order: fc.constantFrom<keyof typeof orders>('dmy', 'mdy', 'ymd'),
      between: fc.constantFrom('/', '-', '.', ' '),
      padded: fc.boolean(),
    });
    fc.assert(
      fc.property(dates, style, (days, { order, between, padded }) => {
        const short = (part: string): string => (padded ? part : String(Number(part)));
        shown(days, (y, m, d) => orders[order](y.slice(2), short(m), short(d)).join(between));
      }),
    );
  });

  it('is the date again in digits alone, also without the zero that a number does not keep', () => {
    const order = fc.constantFrom<keyof typeof orders>('dmy', 'mdy', 'ymd');
    fc.assert(
      fc.property(dates, order, fc.constantFrom('', '.0'), fc.boolean(), (days, by, decimals, asNumber) => {
        shown(days, (y, m, d) => {
          const digits = orders[by](y, m, d).join('');
          return (asNumber ? String(Number(digits)) : digits) + decimals;
        });
      }),
    );
  });

  it('is the date again with the name of its month', () => {
    const long = fc.constantFrom<(y: string, m: string, d: string) => string>(
      (y, m, d) => `${d} de ${m} de ${y}`,
      (y, m, d) => `${m}. ${Number(d)}, ${y}`,
      (y, m, d) => `${y}-${m}-${d}`,
      (y, m, d) => `${d}/${m}/${y.slice(2)}`,
      (y, m, d) => `${y.slice(2)}-${m}-${d}`,
      (y, m, d) => `${d}${m}${y}:10:30:00`,
      (y, m, d) => `${m} ${d} 10:30:00 ${y}`,
    );
    fc.assert(
      fc.property(dates, long, (days, written) => {
        shown(days, (y, m, d) => written(y, MONTHS[Number(m) - 1] ?? '', d));
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

  it('is never of two orders in one style with years of two digits, where that is in doubt', () => {
    const part = fc.integer({ min: 0, max: 99 }).map((number) => String(number % 70).padStart(2, '0'));
    const small = fc.integer({ min: 1, max: 14 }).map((number) => String(number).padStart(2, '0'));
    const cell = fc.tuple(fc.oneof(part, small), small, fc.oneof(part, small));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 40 }), (triples) => {
        const cells = triples.map((parts) => parts.join('/'));
        const read = becomes(cells, clean(cells));
        const used = triples.flatMap(([a, b, c], i) => {
          const value = read[i] ?? '';
          if (value === 'null') return [];
          const meant = [
            ['dmy', c, b, a] as const,
            ['mdy', c, a, b] as const,
            ['ymd', a, b, c] as const,
            ['ydm', a, c, b] as const,
          ].filter(([, year, month, day]) => isCalendarDate(`20${year}-${month}-${day}`));
          const usual = meant.filter(([order]) => order !== 'ydm').map(([, ...parts]) => parts.join('-'));
          if (new Set(usual).size < 2) return [];
          return [new Set(meant.filter(([, ...parts]) => value.slice(2) === parts.join('-')).map(([order]) => order))];
        });
        const shared = ['dmy', 'mdy', 'ymd', 'ydm'].filter((order) =>
          used.every((orders) => orders.has(order as 'dmy')),
        );
        expect(shared).not.toEqual([]);
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
    ['16/06/40', '1940-06-16'],
    ['15 / 03 / 2024', '2024-03-15'],
    ['2024. 03. 15.', '2024-03-15'],
    ['15\\03\\2024', '2024-03-15'],
    ['15/03-2024', '2024-03-15'],
    ['16 de 06 de 2014', '2014-06-16'],
    ['16-06-2014 00:00:00', '2014-06-16'],
    ['10:30 16/06/2014', '2014-06-16'],
    ['2014-06-16 10:30:00.000 UTC', '2014-06-16'],
    ['2014-06-16-10.30.00.000000', '2014-06-16'],
    ['2014-06-16T10:30:00+02:00[Europe/Paris]', '2014-06-16'],
    ['2014-06-16Z', '2014-06-16'],
    ['20140616103000', '2014-06-16'],
    ['20140616.0', '2014-06-16'],
    ['16062014', '2014-06-16'],
    ['6162014', '2014-06-16'],
    ['Mon Jun 16 10:30:00 2014', '2014-06-16'],
    ['Mon Jun 16 10:30:00 ART 2014', '2014-06-16'],
    ['Mon, 16 Jun 2014 10:30:00 +0000', '2014-06-16'],
    ['Mon Jun 16 2014 10:30:00 GMT-0300 (hora estándar de Argentina)', '2014-06-16'],
    ['lun 16/06/2014 10:30 hs', '2014-06-16'],
    ['2014-06-16 (Monday)', '2014-06-16'],
    ['mar 16 2014', '2014-03-16'],
    ['16/jun/2014', '2014-06-16'],
    ['16JUN2014', '2014-06-16'],
    ["16 jun '14", '2014-06-16'],
    ['junio 16, 2014', '2014-06-16'],
    ['16th June 2014', '2014-06-16'],
    ['16-VI-2014', '2014-06-16'],
    ['1 juil. 2014', '2014-07-01'],
    ['16-JUN-14 10.30.00.000000 AM', '2014-06-16'],
    ['1402900000000000', '2014-06-16'],
    ['"2014-06-16"', '2014-06-16'],
    ['/Date(1402900000000-0300)/', '2014-06-16'],
    ['-157766400', '1965-01-01'],
    ['-157766400000', '1965-01-01'],
    ['-999999999', 'null'],
    ['2014-06', 'null'],
    ['jun-14', 'null'],
    ['201406', 'null'],
    ['99999999', 'null'],
    ['00000000', 'null'],
    ['00/01/1900', 'null'],
    ['dd/mm/aaaa', 'null'],
    ['  /  /    ', 'null'],
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

  it('is the one that a weekday beside the date says', () => {
    const cells = ['Thu 03/04/2014', 'Thu 05/06/2014'];
    expect(becomes(cells, clean(cells))).toEqual(['2014-04-03', '2014-06-05']);
    expect(clean(cells).readings.flatMap(({ rules }) => rules)).not.toContain('order-by-default');
    expect(one('Tue 03/04/2014')).toBe('2014-03-04');
  });

  it('is not guessed of digits alone', () => {
    expect(one('03042014')).toBe('null');
    const cells = ['03042014', '16062014', '20140616'];
    expect(becomes(cells, clean(cells))).toEqual(['2014-04-03', '2014-06-16', '2014-06-16']);
    const american = ['03042014', '06/16/2014'];
    expect(becomes(american, clean(american))).toEqual(['2014-03-04', '2014-06-16']);
  });
});

describe('the order of day and month after the year', () => {
  it.each(['/', '.', ' '])('is told by the cells with %j', (sign) => {
    const cells = [`2021${sign}13${sign}10`, `2021${sign}03${sign}04`, '2021-03-04'];
    expect(becomes(cells, clean(cells))).toEqual(['2021-10-13', '2021-04-03', '2021-03-04']);
  });

  it('is not both in one style', () => {
    const cells = ['2021/13/10', '2021/10/13', '2021/03/04'];
    expect(becomes(cells, clean(cells))).toEqual(['2021-10-13', '2021-10-13', 'null']);
  });

  it('is not turned by a slip amid many, which is not read', () => {
    const cells = [...Array.from({ length: 20 }, (_, i) => `2021/0${(i % 9) + 1}/${13 + (i % 15)}`), '2021/13/10'];
    expect(becomes([...cells, '2021/03/04'], clean([...cells, '2021/03/04'])).slice(-2)).toEqual([
      'null',
      '2021-03-04',
    ]);
  });

  it('is that of ISO with its signs and zeros, unless several cells say otherwise and none agrees', () => {
    expect(becomes(['2024-13-01', '2024-03-04'], clean(['2024-13-01', '2024-03-04']))).toEqual(['null', '2024-03-04']);
    const cells = ['2024-13-01', '2024-25-02', '2024-17-12', '2024-03-04'];
    expect(becomes(cells, clean(cells)).at(-1)).toBe('2024-04-03');
  });
});

describe('a year of two digits', () => {
  it('comes first where a cell can be read in no other way', () => {
    const cells = ['99/02/10', '19/02/10', '05-06-07'];
    expect(becomes(cells, clean(cells))).toEqual(['1999-02-10', '2019-02-10', '2007-06-05']);
    expect(clean(['19/02/31', '19/02/10']).readings.map(({ value }) => value)).toEqual(['1931-02-19', '2010-02-19']);
  });

  it('comes first where the last part would be a year of long ago', () => {
    const cells = ['21-11-30', '22-03-04'];
    expect(becomes(cells, clean(cells))).toEqual(['2021-11-30', '2022-03-04']);
    expect(clean(cells).decisions).toMatchObject([
      { what: 'place of the year with - and a year of 2 digits', chosen: 'first', by: 'evidence' },
    ]);
  });

  it('is not settled by one slip against many cells that would be of long ago', () => {
    const days = Array.from({ length: 30 }, (_, i) => `${18 + (i % 7)}/03/${String(i + 1).padStart(2, '0')}`);
    expect(becomes([...days, '16/06/65'], clean([...days, '16/06/65']))[0]).toBe('null');
    const many = Array.from({ length: 8 }, (_, i) =>
      days.map((day) => day.replace('/03/', `/${String(i + 3).padStart(2, '0')}/`)),
    ).flat();
    expect(becomes([...many, '16/06/65'], clean([...many, '16/06/65']))[0]).toBe('2018-03-01');
  });

  it('comes last where nothing tells, and that is told', () => {
    const cleaned = clean(['19/02/10']);
    expect(cleaned.readings).toMatchObject([{ value: '2010-02-19' }]);
    expect(cleaned.readings[0]?.rules).toContain('order-by-default');
    expect(cleaned.decisions.map(({ what, chosen, by }) => [what, chosen, by])).toContainEqual([
      'place of the year with / and a year of 2 digits',
      'last',
      'default',
    ]);
  });

  it('is not read where cells of both kinds occur and this one is of neither', () => {
    const cells = ['99/02/10', '10/02/99', '19/02/10', '25/12/99'];
    expect(becomes(cells, clean(cells))).toEqual(['1999-02-10', 'null', 'null', '1999-12-25']);
  });

  it('comes first or last by configuration', () => {
    expect(one('19/02/10', { order: 'ymd' })).toBe('2019-02-10');
    expect(one('16/06/28', { order: 'dmy' })).toBe('1928-06-16');
    expect(one('10/02/19', { order: 'mdy' })).toBe('2019-10-02');
  });

  it('comes last beside the name of a month, unless a cell can only be read the other way', () => {
    expect(one('14-jun-16')).toBe('2016-06-14');
    expect(becomes(['99-jun-16', '14-jun-16'], clean(['99-jun-16', '14-jun-16']))).toEqual([
      '1999-06-16',
      '2014-06-16',
    ]);
  });
});
