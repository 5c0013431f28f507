import { describe, expect, it } from 'vitest';
import { cleanPercents } from '../../../../customers/cleaning/clean-percents.js';
import { columnRule } from '../../../../customers/column-rule.js';
import type { RuleOf } from '../../../../customers/column-rule.js';
import { becomes, spellingsOf } from './cells.js';

const rule = columnRule.parse({ kind: 'percent' }) as RuleOf<'percent'>;
const read = (cells: readonly string[]): string[] => becomes(cells, cleanPercents(spellingsOf(cells), rule));

/** 0.002, 0.004, …, 1. */
const SHARES = Array.from({ length: 500 }, (_, i) => String((i + 1) / 500));

describe('a few numbers above 1 in a column of percents', () => {
  it('are impossible shares, where all others stop at 1', () => {
    const cells = [...SHARES, '1.234', '1.5'];
    expect(read(cells)).toEqual([...SHARES, '1.234!above-max', '1.5!above-max']);
  });

  it('are percents, where the numbers go on above 1', () => {
    const cells = Array.from({ length: 500 }, (_, i) => String((i + 1) / 400));
    expect(read(cells).at(-1)).toBe('0.0125');
    expect(read(cells)[0]).toBe('0.000025');
  });

  it('are percents, where they are far from 1', () => {
    const cells = [...SHARES.map((share) => `${share}5`), '45.2', '60.1'];
    expect(read(cells).slice(-2)).toEqual(['0.452', '0.601']);
  });
});
