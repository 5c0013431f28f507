import { describe, expect, it } from 'vitest';
import { cleanColumn } from '../../../../customers/cleaning/clean-column.js';
import { columnRule } from '../../../../customers/column-rule.js';
import { becomes, spellingsOf } from './cells.js';

const clean = (cells: readonly string[], rule: object = {}) =>
  cleanColumn(spellingsOf(cells), columnRule.parse({ kind: 'days', ...rule }), '2026-07-01');
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

  it('is no negative number where there are many different ones: these are flagged', () => {
    const cells = [...days(0, 50), '-1', '-2', '-3', '-4'];
    expect([becomesOf(cells, '-1'), becomesOf(cells, '-4')]).toEqual(['never', '-4!below-min']);
  });

  it('leaves a number that is far out, and no such number, flagged', () => {
    expect(becomesOf([...days(0, 365), '12345'], '12345')).toBe('12345!far-out');
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
