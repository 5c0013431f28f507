import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CleanedColumn } from '../../../../customers/cleaning/cell.js';
import { becomes, cleanCells, warningsOfCells } from './cells.js';

const clean = (cells: readonly string[], kind = 'number'): CleanedColumn => cleanCells(cells, { kind });
const values = (cells: readonly string[], kind?: string): string[] => becomes(cells, clean(cells, kind));
const warnings = (cells: readonly string[]): string[] => warningsOfCells('orders', cells, { kind: 'number' });

describe('a number among words', () => {
  const word = fc.constantFrom('Kekse', 'zakupów', 'items sold', 'köpta', 'bonos');
  const before = fc.constantFrom('', 'Total: ', 'quantité ', '-');

  it('is that number, with its wording told', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999 }), before, word, (value, before, word) => {
        const [reading] = clean([`${before}${value} ${word}`]).readings;
        expect(reading?.value).toBe(before === '-' ? -value : value);
        expect(reading?.rules).toContain('words-around');
      }),
    );
    expect(clean(['5 Kekse', '7 kekse', '8 bonos']).decisions).toEqual([
      { what: 'words left out', chosen: 'kekse', by: 'evidence', evidence: { cells: 2 } },
      { what: 'words left out', chosen: 'bonos', by: 'evidence', evidence: { cells: 1 } },
    ]);
  });

  it('is warned of where many cells say the same', () => {
    const numbers = Array.from({ length: 98 }, (_, i) => String(i));
    expect(warnings([...numbers, '5 Kekse'])).toEqual([]);
    expect(warnings([...numbers, '5 Kekse', '6 Kekse', '7 Kekse'])).toEqual([
      'orders: `kekse` beside the number was left out in 3 cells',
    ]);
  });

  it.each([
    '5 dozen',
    '5 docenas',
    'half 5',
    '5 M',
    '5 bn',
    '5 billones',
    '5 hundred',
    'más de 5',
    'less than 5',
    'bis 5',
    'mindestens 5',
    '5 minimum',
    'hasta 5',
    'über 5',
    '5 o 6',
    '5 bis 6',
    'entre 5 y 6',
    '5 / 6 cosas',
    '5 mas tres',
    '5 tres',
    'no 5',
    'sin 5',
    'nicht 5',
    '5 error',
    '5 cancelado',
    'since 5',
    '5 vor',
    '5th',
    '5to',
    'covid-19',
    'nivel 5',
    'id 5',
    '5 + envio',
    '5 a b c d e f',
    '5 centavos',
    '5 Rappen',
  ])('is none in `%s`', (text) => {
    expect(values([text])).toEqual(['null']);
  });

  it('is no amount, whose word may be a currency', () => {
    expect(values(['12 apples', '5 cents', '3 kg'], 'money')).toEqual(['null', 'null', 'null']);
  });
});

describe('words for thousands and more', () => {
  it('multiply, and are never left out', () => {
    expect(values(['24 Tsd. €', '155 mille', '24 mila', '3 Mio. €', '2 Mrd', '2,5 lakh', '1 crore'], 'money')).toEqual([
      '24000',
      '155000',
      '24000',
      '3000000',
      '2000000000',
      '250000',
      '10000000',
    ]);
  });
});

describe('units of which a column has several', () => {
  it('are turned into the one that most cells say where that is exact, and warned of', () => {
    const cells = ['24 meses', '36 Monate', '12 months', '2 years', '30 days', '7'];
    expect(values(cells)).toEqual(['24', '36', '12', '24', 'null', '7']);
    expect(warnings(cells)).toContain(
      'orders: nothing in the column settles years in a column of months; by default: 12 months each',
    );
  });

  it('are not mixed where nobody can say', () => {
    expect(values(['5 kg', '6 kg', '500 g'])).toEqual(['5', '6', 'null']);
    expect(values(['0.5/month', '0.7/month', '6/year'])).toEqual(['0.5', '0.7', 'null']);
  });

  it('are not those of far larger numbers without one', () => {
    expect(values(['6 years', '3 years', '110', '98'])).toEqual(['null', 'null', '110', '98']);
    expect(values(['6 years', '3 years', '5', '4'])).toEqual(['6', '3', '5', '4']);
  });
});

describe('an age among words', () => {
  it('is that age, unless they say months or something else', () => {
    expect(
      values(['aged 61', '65 jubilado', '40 años cumplidos ya', 'Jahre: 31', '3 meses', 'age 200x'], 'age'),
    ).toEqual(['61', '65', '40', '31', 'null', 'null']);
    expect(values(['über 50', 'mayor de 18', '35 USD', '35 mil', '1.5 cosas', 'nacido 80'], 'age')).toEqual(
      Array.from({ length: 6 }, () => 'null'),
    );
  });
});
