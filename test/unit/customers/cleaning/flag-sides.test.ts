import { describe, expect, it } from 'vitest';
import type { CleanedColumn } from '../../../../customers/cleaning/cell.js';
import { becomes, cleanCells, warningsOfCells } from './cells.js';

const clean = (cells: readonly string[]): CleanedColumn => cleanCells(cells, { kind: 'flag' });
const values = (cells: readonly string[]): string[] => becomes(cells, clean(cells));
const warnings = (cells: readonly string[]): string[] => warningsOfCells('vip', cells, { kind: 'flag' });

describe('the other value of a flag column', () => {
  it.each([
    ['VIP', 'Regular'],
    ['VIP', 'No VIP'],
    ['-1', '0'],
    ['-1.0', '0.0'],
    ['J', 'N'],
    ['O', 'N'],
    ['V', 'F'],
    ['gold', 'no'],
  ])('%s is yes and %s is no', (yes, no) => {
    expect(values([yes, no, yes, 'N/A'])).toEqual(['true', 'false', 'true', 'null']);
  });

  it('is told, and warned of', () => {
    const cells = ['VIP', 'Regular', 'REGULAR'];
    expect(clean(cells).readings[1]?.rules).toEqual(['the-other-value']);
    expect(warnings(cells)).toEqual([
      'vip: `regular`, the only other value than `vip`, was taken for no: `yes` and `no` should have both',
    ]);
    expect(warnings(['yes', 'no'])).toEqual([]);
  });

  it('is no typo, no rare note, and none of several', () => {
    expect(values(['no', 'noo'])[1]).toBe('null');
    expect(values([...Array.from({ length: 300 }, () => 'no'), 'later'])[300]).toBe('null');
    expect(values(['VIP', 'Regular', 'Other']).slice(1)).toEqual(['null', 'null']);
    expect(values(['yes', 'pending'])[1]).toBe('null');
    expect(values(['1', '-1'])[1]).toBe('null');
    expect(values(['1', '9'])[1]).toBe('null');
    expect(values(['A', 'I'])).toEqual(['null', 'null']);
    expect(values(['x', 'later'])).toEqual(['true', 'null']);
  });
});

describe('a flag column of which one side alone is read', () => {
  it('is warned of', () => {
    expect(warnings(['no', 'no', 'gold', 'silver', 'no', 'no', 'no', 'no', 'no', 'no', 'no', 'no', 'no'])).toEqual([
      'vip: only no could be read, in 11 cells; 2 say something else',
    ]);
    expect(warnings(['no', 'yes', 'yes', 'yes', 'yes', 'yes', 'gold'])).toEqual([]);
  });
});
