import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CleanedColumn } from '../../../../customers/cleaning/cell.js';
import { cleanCells, spellingsOf } from './cells.js';

const clean = (cells: readonly string[], rule: object = {}): CleanedColumn =>
  cleanCells(cells, { kind: 'percent', ...rule });

const scaleOf = ({ decisions }: CleanedColumn): string | undefined =>
  decisions.find(({ what }) => what === 'percent scale')?.chosen;

/** Shares of a thousand, as the three ways to write them. */
const permille = fc.integer({ min: 11, max: 1_000 });
const asShare = (value: number): string => String(value / 1_000);
const asPercent = (value: number): string => String(value / 10);

describe('percents', () => {
  it('are never of two scales in one column, unless every cell of it is counted as read by itself', () => {
    const cell = fc.tuple(fc.integer({ min: 0, max: 2_000 }), fc.constantFrom(asShare, asPercent));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 60 }), (cells) => {
        const texts = cells.map(([value, write]) => write(value));
        const { readings } = clean(texts);
        const factors = new Set(
          spellingsOf(texts).flatMap(({ text }, i) => {
            const reading = readings[i];
            if (Number(text) === 0 || reading?.rules.includes('scale-by-cell') === true) return [];
            return [Math.round(Number(text) / Number(reading?.value))];
          }),
        );
        const byCell = readings.filter(({ rules }) => rules.includes('scale-by-cell')).length;
        expect(byCell === 0 ? factors.size <= 1 : factors.size === 0).toBe(true);
      }),
    );
  });

  it('are what they are, in a column of one scale with some signs', () => {
    const columns = fc.array(permille, { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(columns, fc.constantFrom(asShare, asPercent), (values, write) => {
        const texts = values.map((value, i) => (i % 3 === 0 ? `${asPercent(value)}%` : write(value)));
        const { readings } = clean(texts);
        const read = new Map(spellingsOf(texts).map(({ text }, i) => [text, readings[i]?.value]));
        // Of numbers up to 1 alone nothing says that they are not shares.
        // Where those with a sign are not above 1 either, they may be of the same size as shares.
        const isClear =
          write === asShare
            ? values.some((value, i) => i % 3 === 0 && value > 10)
            : values.some((value, i) => i % 3 !== 0 && value > 200);
        if (isClear) expect(texts.map((text) => read.get(text))).toEqual(values.map((value) => value / 1_000));
      }),
    );
  });

  it('are what they are, in a column of all three spellings', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 101, max: 999 }), { minLength: 90, maxLength: 150 }), (values) => {
        const texts = values.map((value, i) =>
          i % 3 === 0 ? `${asPercent(value)}%` : i % 3 === 1 ? asPercent(value) : asShare(value),
        );
        const cleaned = clean(texts);
        const read = new Map(spellingsOf(texts).map(({ text }, i) => [text, cleaned.readings[i]?.value]));
        expect(scaleOf(cleaned)).toBe('mixed');
        expect(texts.map((text) => read.get(text))).toEqual(values.map((value) => value / 1_000));
      }),
    );
  });
});

describe('the scale of numbers without a sign', () => {
  const range = (from: number, to: number, step: number): number[] =>
    Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
  const texts = (values: readonly number[], digits: number): string[] => values.map((value) => value.toFixed(digits));

  it('is percent in a column from 0 to 100 whose small numbers are as rare as they should be', () => {
    expect(scaleOf(clean(texts(range(0.1, 99.9, 0.7), 1)))).toBe('percent');
    expect(scaleOf(clean(range(0.123_456_7, 99, 0.31).map(String)))).toBe('percent');
  });

  it('is percent in a column of mostly small percents', () => {
    const skewed = range(1, 200, 1).map((i) => 6 * (i / 200) ** 3 + 0.05);
    expect(scaleOf(clean(texts(skewed, 2)))).toBe('percent');
    expect(scaleOf(clean(skewed.map(String)))).toBe('percent');
  });

  it('is mixed where many shares stand among percents, also with as many decimals', () => {
    const [shares, percents] = [range(0.11, 0.99, 0.02), range(11, 99, 2.01)];
    expect(scaleOf(clean([...texts(shares, 2), ...texts(percents, 0)]))).toBe('mixed');
    expect(scaleOf(clean([...texts(shares, 2), ...texts(percents, 2)]))).toBe('mixed');
    expect(
      scaleOf(
        clean([...shares.map((one) => String(one / 1.000_01)), ...percents.map((one) => String(one / 1.000_01))]),
      ),
    ).toBe('mixed');
  });

  it('is a share where a few are above 1 and none is a percent, and these are flagged', () => {
    const cleaned = clean([...texts(range(0.05, 0.98, 0.01), 2), '1.3']);
    expect(scaleOf(cleaned)).toBe('share');
    expect(cleaned.readings.at(-1)).toMatchObject({ value: 1.3, flag: 'above-max' });
  });

  it('is told by the decimals of a small number, where shares have more than percents', () => {
    // Shares of three decimals up to 0.2, and percents of one up to 20, of which many are below 2.
    const shares = texts(range(0.003, 0.2, 0.001), 3);
    const low = [...texts(range(0.1, 2, 0.1), 1), ...texts(range(0.1, 2, 0.1), 1), ...texts(range(2.1, 20, 0.1), 1)];
    const signed = low.map((text) => `${text}%`);
    for (const signs of [signed, []]) {
      const cells = [...shares, ...low, ...signs];
      const cleaned = clean(cells);
      const read = new Map(spellingsOf(cells).map(({ text }, i) => [text, cleaned.readings[i]?.value]));
      expect(scaleOf(cleaned)).toBe('mixed');
      expect(['0.4', '1.7', '0.104', '12.5'].map((text) => read.get(text))).toEqual([0.004, 0.017, 0.104, 0.125]);
    }
  });

  it('is warned of where a sign or two stand beside numbers up to 1', () => {
    const decisions = (cells: readonly string[]) => clean(cells).decisions;
    expect(decisions(['0.32', '0.16', '0.9%'])).toMatchObject([{ chosen: 'share', by: 'default' }]);
    expect(decisions(['0.32', '0.16', '45%'])).toMatchObject([{ chosen: 'share', by: 'evidence' }]);
  });

  it('is told with the cells that speak for it', () => {
    expect(clean(['10%', '20', '20', '0']).decisions).toEqual([
      {
        what: 'percent scale',
        chosen: 'percent',
        by: 'evidence',
        evidence: { 'with a sign': 1, 'above 1': 2, 'up to 1': 0 },
      },
    ]);
  });

  it('is the configured one', () => {
    expect(clean(['0.5', '45'], { scale: 'percent' }).readings.map(({ value }) => value)).toEqual([0.005, 0.45]);
    expect(clean(['0.5', '45'], { scale: 'share' }).readings.map(({ value }) => value)).toEqual([0.5, 45]);
  });
});

it('a percent is the very number that its share is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99_999 }), (value) => {
      const { readings } = clean([`${(value / 1_000).toFixed(3)}%`]);
      expect(readings[0]?.value).toBe(Number((value / 100_000).toFixed(5)));
    }),
  );
});
