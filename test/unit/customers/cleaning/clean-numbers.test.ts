import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CleanedColumn } from '../../../../customers/cleaning/cell.js';
import { becomes, cleanCells, spellingsOf } from './cells.js';

const clean = (cells: readonly string[], rule: object = { kind: 'money' }): CleanedColumn => cleanCells(cells, rule);
const values = (cells: readonly string[], rule?: object): string[] => becomes(cells, clean(cells, rule));

interface Convention {
  readonly group: string;
  readonly decimal: string;
  readonly before: string;
  readonly after: string;
}

const convention = fc.constantFrom<Convention>(
  { group: '.', decimal: ',', before: '', after: ' €' },
  { group: '.', decimal: ',', before: 'R$ ', after: '' },
  { group: ',', decimal: '.', before: '$', after: '' },
  { group: ',', decimal: '.', before: 'USD ', after: '' },
  { group: ' ', decimal: ',', before: '', after: '' },
  { group: '\u202f', decimal: ',', before: '', after: '\u00a0€' },
  { group: "'", decimal: '.', before: 'CHF ', after: '' },
  { group: '’', decimal: '.', before: '', after: '' },
  { group: '', decimal: '.', before: '', after: '' },
  { group: '', decimal: ',', before: 'S/ ', after: '' },
);
const negative = fc.constantFrom<(text: string) => string>(
  (text) => `-${text}`,
  (text) => `${text}-`,
  (text) => `(${text})`,
  (text) => `−${text}`,
);

/** Cents as an amount in a convention, with two decimals or, of whole ones, none. */
function written(cents: number, { group, decimal, before, after }: Convention, whole: boolean): string {
  const [units = '', rest = ''] = (Math.abs(cents) / 100).toFixed(2).split('.');
  const grouped = units.replaceAll(/\B(?=(?:\d{3})+$)/g, group);
  return before + grouped + (whole && rest === '00' ? '' : decimal + rest) + after;
}

const cents = fc.integer({ min: 0, max: 10 ** 11 });

describe('a number in any convention', () => {
  it('is the number again, in a column with evidence of the convention', () => {
    const cells = fc.array(fc.tuple(cents, fc.boolean(), fc.option(negative, { freq: 4 })), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(convention, cells, (how, amounts) => {
        const evidence = written(123_456_789, how, false);
        const texts = amounts.map(([amount, whole, minus]) => {
          const text = written(amount, how, whole);
          return amount === 0 || minus === null ? text : minus(text);
        });
        const wanted = amounts.map(([amount, , minus]) => (amount === 0 || minus === null ? amount : -amount) / 100);
        const { readings } = clean([evidence, ...texts]);
        const byText = new Map(spellingsOf([evidence, ...texts]).map(({ text }, i) => [text, readings[i]?.value]));
        expect(texts.map((text) => byText.get(text))).toEqual(wanted);
      }),
    );
  });

  it('is the number again when it is as JavaScript writes it, whatever stands beside it', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(fc.uniqueArray(number, { minLength: 2 }), (numbers) => {
        const texts = [...numbers.map(String), '0.5', '1234.5'];
        const { readings } = clean(texts, { kind: 'number' });
        expect(spellingsOf(texts).map(({ text }, i) => [text, readings[i]?.value])).toEqual(
          spellingsOf(texts).map(({ text }) => [text, Number(text) === 0 ? 0 : Number(text)]),
        );
      }),
    );
  });
});

describe('what a point or a comma does', () => {
  it('is told by the cells with the same currency before the rest', () => {
    const cells = ['1234.5', '0.75', '99.9', 'R$ 1.234', 'R$ 5.678,90', 'US$ 1,234'];
    expect(values(cells)).toEqual(['1234.5', '0.75', '99.9', '1234', '5678.9', '1234']);
  });

  it('is told with the cells that speak for it', () => {
    expect(clean(['1.234', '1.234', '12,5', '2.000.000']).decisions).toEqual([
      { what: '1.234', chosen: 'thousands', by: 'evidence', evidence: { cells: 2, decimals: 0, thousands: 1 } },
    ]);
    expect(clean(['1.234', '5']).decisions).toMatchObject([{ what: '1.234', chosen: 'thousands', by: 'default' }]);
    expect(clean(['1.234,5', '5']).decisions).toEqual([]);
  });

  it('is thousands in a column of numbers that always have three digits behind it', () => {
    const cells = Array.from({ length: 20 }, (_, i) => `${i + 2}.${String(i * 37 + 101)}`);
    expect(values(cells, { kind: 'number' })[0]).toBe('2101');
    expect(values(cells.slice(1), { kind: 'number' })[0]).toBe('3.138');
    expect(values([...cells, '7.5'], { kind: 'number' })[0]).toBe('2.101');
  });

  it('is decimals in an amount where other amounts have more than two', () => {
    expect(values(['12.3456', '1.5', '2.5', '3.5', '1.234'])[4]).toBe('1.234');
    expect(values(['12.34', '1.5', '2.5', '3.5', '1.234'])[4]).toBe('1234');
  });
});

describe('a number that is none', () => {
  it.each([
    '1.2.3',
    '12-34',
    '1,23,4',
    '1 23',
    '--5',
    '(5)-',
    '5 5',
    '12 apples',
    '12 de',
    '1e999',
    'e5',
    '.',
    ',',
    '$',
    '1/2',
    '45%',
  ])('%s is unreadable', (text) => {
    expect(clean([text, '1']).readings[0]).toMatchObject({
      value: null,
      rules: [expect.stringMatching(/unreadable|missing/)],
    });
  });
});

describe('impossible amounts', () => {
  const usual = Array.from({ length: 40 }, (_, i) => String(20_000 + 1_731 * i));
  const flagOf = (text: string, others = usual): string | undefined => clean([text, ...others]).readings[0]?.flag;

  it('are digits repeated far above the rest, not within it', () => {
    expect(flagOf('666666')).toBe('placeholder');
    expect(flagOf('$ 999.999,00')).toBe('placeholder');
    expect(flagOf('99999')).toBeUndefined();
    expect(flagOf('666667')).toBeUndefined();
  });

  it('are digits repeated again and again among values that hardly ever are the same', () => {
    const incomes = Array.from({ length: 400 }, (_, i) => String(20_000.37 + 2_731.13 * i));
    const five = (text: string): string[] => Array.from({ length: 5 }, () => text);
    expect(flagOf('666666', [...incomes, ...five('666666')])).toBe('placeholder');
    expect(flagOf('$ 55.555,00', [...incomes, ...five('55555')])).toBe('placeholder');
    expect(flagOf('666666', incomes)).toBeUndefined();
    expect(flagOf('666667', [...incomes, ...five('666667')])).toBeUndefined();
    expect(flagOf('666666', [...incomes, ...five('666666'), '50000', '50000'])).toBe('placeholder');
    expect(flagOf('666666', [...incomes, ...five('666666'), ...five('50000')])).toBeUndefined();
    expect(flagOf('666666', [...incomes, ...incomes, ...five('666666')])).toBeUndefined();
    expect(flagOf('777', [...incomes, ...five('777')])).toBeUndefined();
  });

  it('are amounts a thousand times too large', () => {
    expect(flagOf('58138000')).toBe('far-out');
    const many = Array.from({ length: 400 }, (_, i) => String(20_000 + 173 * i));
    expect(flagOf('58138000', ['61000000', ...many])).toBe('far-out');
    expect(flagOf('58138000', ['61000000', ...usual])).toBeUndefined();
  });

  it('are few negative ones, and -1 where nothing else is negative', () => {
    expect(flagOf('-1')).toBe('placeholder');
    const many = Array.from({ length: 400 }, (_, i) => String(1_000 + i));
    expect(flagOf('-57.5', many)).toBe('negative');
    expect(flagOf('-57.5', ['-12', '-13', '-14', ...usual])).toBeUndefined();
  });

  it('are nothing that a small column could tell', () => {
    expect(flagOf('666666', ['5', '6', '7'])).toBeUndefined();
  });

  it('are what is outside of configured bounds, and keep their value', () => {
    const rule = { kind: 'money', min: 0, max: 100 };
    expect(values(['-5', '50', '$ 101'], rule)).toEqual(['-5!below-min', '50', '101!above-max']);
  });
});
