import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { becomes, cleanCells } from './cells.js';

const values = (cells: readonly string[], rule: object = { kind: 'money' }): string[] =>
  becomes(cells, cleanCells(cells, rule));

describe('an amount without decimals', () => {
  it('is never negative for the dash that stands for them', () => {
    const dash = fc.constantFrom(',-', ',--', ',---', '.-', '.--', ',—', '.–', ', --');
    const around = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => `${text} €`,
      (text) => `€ ${text}`,
      (text) => `CHF ${text}`,
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), dash, around, (amount, dash, around) => {
        expect(values([around(`${amount}${dash}`)])).toEqual([String(amount)]);
        expect(values([`-${amount}${dash}`])).toEqual([String(-amount)]);
      }),
    );
  });

  it('is negative with a minus right behind it', () => {
    expect(values(['300-', '300- €', '$ 300-'])).toEqual(['-300', '-300', '-300']);
  });
});

describe('an amount with the sign of its currency where the decimals begin', () => {
  it('has them', () => {
    expect(values(['310€13', '2154€71', '2.154€71', '-9€05', '7 €50'])).toEqual([
      '310.13',
      '2154.71',
      '2154.71',
      '-9.05',
      '7.5',
    ]);
  });

  it('is none where other than two digits follow', () => {
    expect(values(['310€1', '310€130', '12.5€13'])).toEqual(['null', 'null', 'null']);
  });
});

describe('a configured missing value', () => {
  it('is missing however it is written', () => {
    const rule = { kind: 'money', missing: [-1, 999_999] };
    expect(values(['$999,999.00', '999.999,00 €', '-1,00', '(1)', '999999.5'], rule)).toEqual([
      ...Array.from({ length: 4 }, () => 'null'),
      '999999.5',
    ]);
  });
});
