import type { RuleOf } from '../column-rule.js';
import { readAgeText } from './age-text.js';
import { withoutApproximation } from './approximation.js';
import { UNREADABLE, column, missing, read } from './cell.js';
import type { CleanedColumn, Reading, Spelling } from './cell.js';
import { flagNumbers } from './flag-values.js';
import { missingTest } from './missing-marker.js';
import { tidySigns, withoutAccents } from './tidy-text.js';

/** Whole years, in numbers and words. Impossible ages are kept and flagged. */
export function cleanAges(spellings: readonly Spelling[], rule: RuleOf<'age'>): CleanedColumn {
  const isMissing = missingTest(rule.missing);
  const readings = spellings.map(({ text }): Reading => {
    const { text: tidied, rule: tidying } = tidySigns(text);
    const absent = isMissing(tidied);
    if (absent !== undefined) return missing(absent);
    const { text: said, approximate } = withoutApproximation(tidied);
    const age = readAgeText(withoutAccents(said));
    if (age === undefined) return UNREADABLE;
    const rules: string[] = tidying === undefined ? [] : [tidying];
    if (approximate) rules.push('approximate');
    if (age.inWords) rules.push('number-words');
    else if (!/^-?\d+(?:\.\d+)?$/.test(said)) rules.push('unit');
    // Of an age the years that are complete count.
    if (age.rounded) rules.push('rounded');
    return read(age.years, rules);
  });
  return column(flagNumbers(spellings, readings, rule, false));
}
