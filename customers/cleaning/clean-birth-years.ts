import type { RuleOf } from '../column-rule.js';
import { withoutApproximation } from './approximation.js';
import { UNREADABLE, column, missing, read } from './cell.js';
import type { CleanedColumn, Reading, Spelling } from './cell.js';
import { fullYear } from './date-parts.js';
import { missingTest } from './missing-marker.js';
import { tidySigns } from './tidy-text.js';

/** Years of birth as of a date. What makes somebody too old, or not yet born, is kept and flagged. */
export function cleanBirthYears(
  spellings: readonly Spelling[],
  rule: RuleOf<'birth-year'>,
  fecha: string,
): CleanedColumn {
  const isMissing = missingTest(rule.missing);
  const thisYear = Number(fecha.slice(0, 4));
  return column(
    spellings.map(({ text }): Reading => {
      const { text: tidied, rule: tidying } = tidySigns(text);
      const absent = isMissing(tidied);
      if (absent !== undefined) return missing(absent);
      const rules: string[] = tidying === undefined ? [] : [tidying];
      const { text: said, approximate } = withoutApproximation(tidied);
      const [, digits, rest] = /^[('"]*(\d{4}|\d{2})(\.0+|-\d\d-\d\d.*)?[)'"]*$/.exec(said) ?? [];
      if (digits === undefined) return UNREADABLE;
      if (approximate) rules.push('approximate');
      if (/^\D|\D$/.test(said)) rules.push('characters');
      if (digits.length === 2) {
        if (rest !== undefined) return UNREADABLE;
        return flagged(fullYear(digits, thisYear - 1), [...rules, 'two-digit-year']);
      }
      return flagged(Number(digits), rest?.startsWith('-') === true ? [...rules, 'date-format'] : rules);
    }),
  );

  function flagged(year: number, rules: readonly string[]): Reading {
    if (year > thisYear) return { ...read(year, rules), flag: 'not-yet-born' };
    return thisYear - year > rule.maxAge ? { ...read(year, rules), flag: 'too-old' } : read(year, rules);
  }
}
