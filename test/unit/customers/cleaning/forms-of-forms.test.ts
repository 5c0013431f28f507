import { describe, expect, it } from 'vitest';
import { cleanDays } from '../../../../customers/cleaning/clean-days.js';
import { cleanWeekdays } from '../../../../customers/cleaning/clean-weekdays.js';
import { columnRule } from '../../../../customers/column-rule.js';
import type { RuleOf } from '../../../../customers/column-rule.js';
import { becomes, spellingsOf } from './cells.js';

describe('what English forms say', () => {
  it('is a number of days with its plural in parentheses', () => {
    const rule = columnRule.parse({ kind: 'days' }) as RuleOf<'days'>;
    const cells = ['3 day(s)', '2 Week(s) ago', '1 día(s)'];
    expect(becomes(cells, cleanDays(spellingsOf(cells), rule))).toEqual(['3', '14', '1']);
  });

  it('is a weekday in any of its abbreviations', () => {
    const rule = columnRule.parse({ kind: 'weekday' }) as RuleOf<'weekday'>;
    const cells = ['Mon.', 'Tues', 'WEDS', 'Weds.', 'Thurs', 'Fri', 'Sat', 'Sun.'];
    expect(becomes(cells, cleanWeekdays(spellingsOf(cells), rule))).toEqual(['1', '2', '3', '3', '4', '5', '6', '7']);
  });
});
