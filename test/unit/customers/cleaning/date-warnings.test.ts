import { describe, expect, it } from 'vitest';
import { warningsOfCells } from './cells.js';

const warnings = (kind: 'date' | 'weekday', cells: readonly string[]): string[] =>
  warningsOfCells('alta', cells, { kind });

describe('the report warns', () => {
  it.each([
    ['of a year that stands last by default', 'date', ['19/02/10'], 'place of the year with / and a year of 2 digits'],
    ['of days that come first by default', 'date', ['03/04/2014'], 'date order; by default: dmy'],
    ['of both orders in one style', 'date', ['16/06/2014', '06/16/2014'], 'the cells do not settle date order'],
    ['of a year at both ends', 'date', ['99/02/10', '10/02/99'], 'the cells do not settle place of the year'],
    ['of a letter that is two days', 'weekday', ['L', 'M', 'J'], "the cells do not settle which weekday 'm' is"],
  ] as const)('%s', (_, kind, cells, told) => {
    expect(warnings(kind, cells)).toContainEqual(expect.stringContaining(told));
  });

  it('of nothing where every cell leaves no doubt', () => {
    expect(warnings('date', ['2014-03-04', '2014-06-16', '16/06/2014', '16-jun-14'])).toEqual([]);
    expect(warnings('weekday', ['L', 'M', 'X', '3'])).toEqual([]);
  });
});
