import { describe, expect, it } from 'vitest';
import { becomes, cleanCells, warningsOfCells } from './cells.js';

const clean = (cells: readonly string[], rule: object = {}) => cleanCells(cells, { kind: 'days', ...rule });
const becomesOf = (cells: readonly string[], text: string): string | undefined =>
  becomes(cells, clean(cells))[cells.indexOf(text)];

/** `times` cells of each number of days. */
const days = (from: number, to: number, times = 1): string[] =>
  Array.from({ length: times }, () => Array.from({ length: to - from + 1 }, (_, i) => String(from + i))).flat();
const repeated = (text: string, times: number): string[] => Array.from({ length: times }, () => text);

describe('a number that stands for never', () => {
  it.each([
    ['999 above a year', [...days(0, 365), '999'], '999'],
    ['9999 and 999 above a year', [...days(0, 365), '9999', '999'], '999'],
    ['99999 above years', [...days(0, 3_000), '99999'], '99999'],
    ['-1', [...days(0, 50), '-1'], '-1'],
    ['-99 and -1', [...days(0, 50), '-99', '-1'], '-99'],
    ['10000, of which there are many', [...days(0, 400), ...repeated('10000', 9)], '10000'],
    ['1000, of which there are many', [...days(0, 300), ...repeated('1000', 9)], '1000'],
    ['999 amid ordinary days, far more frequent than they are', [...days(900, 1_200), ...repeated('999', 40)], '999'],
    [
      '999 amid days of which some are, five times as frequent as any',
      [...days(0, 300), ...days(985, 1_010, 4), ...repeated('999', 40)],
      '999',
    ],
    ['99 forty times above a few weeks', [...days(0, 60, 5), ...repeated('99', 40)], '99'],
    ['99 forty times next to 98', [...days(0, 98, 6), ...repeated('99', 40)], '99'],
    ['99 forty times a little above', [...days(0, 90, 6), ...repeated('99', 40)], '99'],
    ['-2 of which there are many', [...days(0, 50), ...repeated('-2', 9)], '-2'],
    ['999 just above the rest, of which there are many', [...days(0, 900), ...repeated('999', 40)], '999'],
  ])('is %s', (_, cells, text) => {
    expect(becomesOf(cells, text)).toBe('never');
    expect(clean(cells).decisions.map(({ chosen }) => chosen)).toContain(text);
  });

  it.each([
    ['99 next to 98', days(0, 99, 3), '99'],
    ['999 amid ordinary days', days(0, 1_500), '999'],
    ['the one large number that is no such number', [...days(0, 365), '1200'], '1200'],
    ['a number a little larger than the rest', [...days(0, 365), ...repeated('400', 9)], '400'],
    ['the largest of few', ['700', '850', '999'], '999'],
    ['555 above a year and a half', [...days(0, 400), '555'], '555'],
    ['99 a few times', [...days(0, 90, 6), ...repeated('99', 6)], '99'],
    ['111 above a hundred', [...days(0, 105), '111'], '111'],
  ])('is not %s', (_, cells, text) => {
    expect(becomesOf(cells, text)).toBe(text);
    expect(clean(cells).decisions).toEqual([]);
  });

  it('is told by its own name, configured or found', () => {
    const cells = [...days(0, 300), '-1', '400', '999'];
    expect(clean(cells, { missing: [400] }).decisions).toEqual([
      { what: 'sentinel', chosen: '400', by: 'configuration', evidence: { cells: 1 } },
      { what: 'sentinel', chosen: '-1', by: 'evidence', evidence: { cells: 1 } },
      { what: 'sentinel', chosen: '999', by: 'evidence', evidence: { cells: 1 } },
    ]);
  });

  it('is no negative number that was computed, nor one that is there once: these are flagged', () => {
    const cells = [...days(0, 50), '-1', '-2', '-3', '-99'];
    expect(['-1', '-3', '-99'].map((text) => becomesOf(cells, text))).toEqual([
      '-1!below-min',
      '-3!below-min',
      'never',
    ]);
    expect(becomesOf([...days(0, 50), '-1', '-7', '-12'], '-7')).toBe('-7!below-min');
  });

  it('leaves a number that is far out, and no such number, flagged', () => {
    expect(becomesOf([...days(0, 365), '12345'], '12345')).toBe('12345!far-out');
  });
});

describe('a number that may stand for never', () => {
  it.each([
    ['730 twelve times, far above the rest', [...days(0, 200), ...repeated('730', 12)], '730'],
    ['99 amid days, three times as frequent as any', [...days(0, 150, 4), ...repeated('99', 10)], '99'],
  ])('is %s: it stays, and is told', (_, cells, text) => {
    const { decisions, ...cleaned } = clean(cells);
    expect(becomes(cells, { decisions, ...cleaned })[cells.indexOf(text)]).toBe(text);
    const count = cells.filter((cell) => cell === text).length;
    expect(decisions).toEqual([{ what: 'possible sentinel', chosen: text, by: 'default', evidence: { cells: count } }]);
    expect(clean(cells, { missing: [Number(text)] }).decisions).toMatchObject([
      { what: 'sentinel', by: 'configuration' },
    ]);
    expect(clean(cells, { sentinels: 'none' }).decisions).toEqual([]);
  });
});

describe('sentinels of the configuration', () => {
  it('are all there are: nothing is looked for', () => {
    const cells = [...days(0, 50), '-1', '400', '999'];
    const become = (rule: object) => becomes(cells, clean(cells, rule)).slice(-3);
    expect(become({ sentinels: 'none' })).toEqual(['-1!below-min', '400', '999']);
    expect(become({ sentinels: [] })).toEqual(['-1!below-min', '400', '999']);
    expect(become({ sentinels: [400], missing: [-1] })).toEqual(['never', 'never', '999']);
  });
});

describe('the warnings of a report', () => {
  const warnings = (cells: readonly string[], rule: object = {}): string[] =>
    warningsOfCells('last', cells, { kind: 'days', ...rule });

  it('name each number that the cells alone make never, or may, its count and what settles it', () => {
    const cells = [...days(0, 200), ...repeated('730', 12), ...repeated('-1', 3)];
    expect(warnings(cells)).toEqual([
      'last: -1 in 3 cells was taken for never by the cells alone; `missing: [-1]` makes it never, `sentinels: none` a number of days',
      'last: 730 in 12 cells may stand for never, and was left as days; `missing: [730]` makes it never, `sentinels: none` a number of days',
    ]);
  });

  it('name none that the configuration settles', () => {
    const cells = [...days(0, 200), ...repeated('730', 12), '-1'];
    expect(warnings(cells, { missing: [730, -1] })).toEqual([]);
    expect(warnings(cells, { sentinels: 'none' })).toEqual([]);
  });
});

describe('days in words', () => {
  it.each([
    ['hace 3 días', '3'],
    ['Hace una semana', '7'],
    ['há 2 semanas', '14'],
    ['3 months ago', '90'],
    ['2 años', '730'],
    ['36 horas', '1'],
    ['45d', '45'],
    ['ayer', '1'],
    ['12 DIAS', '12'],
    ['Jamais', 'never'],
    ['NUNCA COMPRÓ', 'never'],
    ['No purchases yet', 'never'],
    ['sin compras', 'never'],
    ['sin dato', 'null'],
    ['hace mucho', 'null'],
    ['nuncio', 'null'],
    ['3 apples', 'null'],
  ])('%s', (text, value) => {
    expect(becomesOf([text, '5'], text)).toBe(value);
  });
});

describe('an empty text among what is configured as missing', () => {
  it('is no number: 0 days stay 0', () => {
    const cells = ['0', '3', '10'];
    expect(becomes(cells, clean(cells, { missing: [''] }))).toEqual(['0', '3', '10']);
  });
});
