import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../../customers/cleaning/cell.js';
import { numberFromWords } from '../../../../customers/cleaning/number-words.js';
import { cleanCells } from './cells.js';

const one = (text: string, kind: string): Reading | undefined => cleanCells([text], { kind }).readings[0];

describe('a number that is said to be about so much', () => {
  const about = fc.constantFrom<(text: string) => string>(
    ...[
      '~',
      '≈ ',
      '± ',
      'aprox. ',
      'Aproximadamente ',
      'ca. ',
      'circa ',
      'about ',
      'Unos ',
      'más o menos ',
      'cerca de ',
    ].map((before) => (text: string) => before + text),
    ...[' aprox.', ' (aprox.)', '~', ' or so', '+', ' +', ' o más', ' y mas', ' or more', ' ou mais'].map(
      (behind) => (text: string) => text + behind,
    ),
  );

  it('is that number, and told, in every kind of number', () => {
    const kind = fc.constantFrom('number', 'money', 'age', 'days', 'percent');
    fc.assert(
      fc.property(kind, about, fc.integer({ min: 2, max: 98 }), (kind, say, value) => {
        const reading = one(say(String(value)), kind);
        expect(reading?.value).toBe(kind === 'percent' ? value / 100 : value);
        expect(reading?.rules).toContain('approximate');
      }),
    );
  });

  it.each([
    '30 ~ 400',
    '30~40',
    'aprox. 30-40',
    '5 +/- 1',
    '5 ± 1',
    '5 o 6',
    '5 + iva',
    '~',
    'about',
    '> 65',
    'más de 65',
  ])('is none in %s', (text) => {
    expect(one(text, 'number')?.outcome).toBe('unreadable');
    expect(one(text, 'age')?.outcome).toBe('unreadable');
  });

  it('is a year of birth, too, and no other sign is taken for it', () => {
    expect(one('ca. 1957', 'birth-year')).toMatchObject({ value: 1957, rules: ['approximate'] });
    expect(one('+5', 'number')?.rules).toEqual([]);
    expect(one('CA$ 5', 'money')?.rules).toEqual(['currency']);
  });
});

describe('signs that only look like digits', () => {
  it.each(['2²', '195²', '½', '2½', '①', '10⁻²', 'x₂'])('%s is unreadable', (text) => {
    for (const kind of ['number', 'money', 'age', 'days', 'birth-year', 'percent', 'hour']) {
      expect(one(text, kind)?.outcome, kind).toBe('unreadable');
    }
  });

  it('are no others in words', () => {
    const { readings } = cleanCells(['2²', '22', '−1', '1', '–1'], { kind: 'category' });
    expect(readings.map(({ value }) => value)).toEqual(['2²', '22', '–1', '1', '–1']);
  });
});

describe('a number in words', () => {
  it.each([
    ['cien', 100],
    ['cem', 100],
    ['ciento diez', 110],
    ['cento e dez', 110],
    ['a hundred and ten', 110],
    ['one hundred', 100],
    ['diez y seis', 16],
    ['treintaicinco', 35],
    ['dezassete', 17],
    ['vinte e duas', 22],
    ['noventa y nueve', 99],
  ])('%s is %d', (text, value) => {
    expect(numberFromWords(text)).toBe(value);
  });

  it.each([
    'a',
    'un',
    'an',
    'y',
    'cinco y',
    'cien dos',
    'treinta diez',
    'uno dos',
    'ciento cero',
    'hundred hundred',
    '',
  ])('%s is none', (text) => {
    expect(numberFromWords(text)).toBeUndefined();
  });

  it('stands in columns of numbers with what may stand behind digits', () => {
    expect(
      ['doce meses', 'dos mil', 'un millón de pesos', 'diez por ciento'].map((text) => one(text, 'money')?.value),
    ).toEqual([12, 2_000, 1_000_000, null]);
    expect(one('diez por ciento', 'percent')?.value).toBe(0.1);
    expect(['once', 'un', 'a $', 'dos o tres', 'seis cuadras'].map((text) => one(text, 'number')?.value)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('amounts in several currencies', () => {
  const told = (cells: readonly string[]) => cleanCells(cells, { kind: 'money' }).decisions;

  it('are told with the cells of each, and stay as they are written', () => {
    expect(told(['US$ 5', 'USD 7', '$ 9', '3 €', '4', 'ARS 8', '$6 ARS'])).toEqual([
      {
        what: 'currencies',
        chosen: 'numbers as written',
        by: 'default',
        evidence: { ars: 2, eur: 1, usd: 2 },
      },
    ]);
  });

  it('are none where one is written in several ways', () => {
    expect(told(['US$ 5', '5 USD', 'U$S 5', 'USD$ 5', '5 dólares', '$ 5', '5'])).toEqual([]);
    expect(told(['R$ 5', 'BRL 5', '5 reais'])).toEqual([]);
    expect(told(['$ 5', '5 pesos', '5 ARS', 'AR$ 5', '5 pesos argentinos', '5'])).toEqual([]);
    expect(told(['Bs. 5', '5 bs'])).toEqual([]);
  });
});

describe('a currency of three decimals', () => {
  const values = (cells: readonly string[], rule: object = {}): unknown[] =>
    cleanCells(cells, { kind: 'money', ...rule }).readings.map(({ value }) => value);

  it('has them behind the point, beside others that do not', () => {
    expect(values(['KWD 12.500', '12.345 TND', 'CLP 12.500', 'EUR 1.234,50'])).toEqual([12.5, 12.345, 12_500, 1_234.5]);
    expect(values(['KWD 12.500', 'KWD 1.5', 'KWD 2.5'])).toEqual([12.5, 1.5, 2.5]);
  });

  it('is read otherwise where its own cells or the configuration say so', () => {
    expect(values(['TND 12.500', 'TND 1.234,500'])).toEqual([12_500, 1_234.5]);
    expect(values(['TND 12.500'], { decimal: 'comma' })).toEqual([12_500]);
  });
});
