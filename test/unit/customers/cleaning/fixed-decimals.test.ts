import { describe, expect, it } from 'vitest';
import type { CleanedColumn } from '../../../../customers/cleaning/cell.js';
import { becomes, cleanCells } from './cells.js';

const clean = (cells: readonly string[], rule: object = { kind: 'number' }): CleanedColumn => cleanCells(cells, rule);
const first = (cells: readonly string[], rule?: object): string | undefined => becomes(cells, clean(cells, rule))[0];

/** Numbers from a thousandth number to another, spread evenly, as text with three digits behind the sign. */
const spread = (from: number, to: number, sign = '.'): string[] =>
  Array.from({ length: 300 }, (_, i) => {
    const digits = String(Math.round(from + (i * (to - from)) / 299));
    return `${digits.slice(0, -3)}${sign}${digits.slice(-3)}`;
  });

describe('numbers that all have three digits behind a point or a comma', () => {
  it('are decimals where thousands would go on below a thousand', () => {
    expect(first(spread(1_003, 20_117))).toBe('1.003');
    expect(first(spread(1_003, 20_117, ','))).toBe('1.003');
    expect(first(['4.621', ...spread(1_003, 20_117), '0', '-1'])).toBe('4.621');
  });

  it('are decimals where all have one digit before a point', () => {
    expect(first(spread(3_004, 5_017))).toBe('3.004');
    expect(first(spread(3_004, 5_017, ','))).toBe('3004');
  });

  it('are thousands where they begin far above one', () => {
    expect(first(spread(12_003, 97_117))).toBe('12003');
  });

  it('are thousands where other numbers stand beside them, or are round', () => {
    expect(first([...spread(1_003, 20_117), '870', '915', '12', '999', '801'])).toBe('1003');
    expect(first(spread(1_100, 31_000))).toBe('1100');
  });

  it('are thousands in years, amounts and whole numbers', () => {
    expect(first(spread(1_923, 2_008))).toBe('1923');
    expect(first(spread(1_003, 20_117), { kind: 'money' })).toBe('1003');
    expect(first(spread(1_003, 20_117), { kind: 'number', integer: true })).toBe('1003');
  });

  it('are told as what nothing settles, whatever they are', () => {
    const { decisions, readings } = clean(spread(1_003, 20_117));
    expect(decisions).toMatchObject([{ what: '1.234', chosen: 'decimals', by: 'default' }]);
    expect(readings[0]?.rules).toContain('ambiguous-separator');
  });
});
