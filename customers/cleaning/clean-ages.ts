import type { RuleOf } from '../column-rule.js';
import { readAgeText } from './age-text.js';
import { withoutApproximation } from './approximation.js';
import { UNREADABLE, column, missing, read } from './cell.js';
import type { CleanedColumn, Reading, Spelling } from './cell.js';
import { flagNumbers } from './flag-values.js';
import { missingTest } from './missing-marker.js';
import { readNumberText } from './number-text.js';
import type { NumberText } from './number-text.js';
import { tidySigns, withoutAccents } from './tidy-text.js';
import { wordsAround } from './words-around.js';

/** Whole years, in numbers and words. Impossible ages are kept and flagged. */
export function cleanAges(spellings: readonly Spelling[], rule: RuleOf<'age'>): CleanedColumn {
  const isMissing = missingTest(rule.missing);
  const wordy: { readonly number: NumberText; readonly count: number }[] = [];
  const readings = spellings.map(({ text, count }): Reading => {
    const { text: tidied, rule: tidying } = tidySigns(text);
    const absent = isMissing(tidied);
    if (absent !== undefined) return missing(absent);
    const { text: said, approximate } = withoutApproximation(tidied);
    const age = readAgeText(withoutAccents(said));
    if (age === undefined) {
      const number = ageBesideWords(tidied);
      if (number === undefined) return UNREADABLE;
      wordy.push({ number, count });
      return read(Number(number.digits.thousands), [...(tidying === undefined ? [] : [tidying]), 'words-around']);
    }
    const rules: string[] = tidying === undefined ? [] : [tidying];
    if (approximate) rules.push('approximate');
    if (age.inWords) rules.push('number-words');
    else if (!/^-?\d+(?:\.\d+)?$/.test(said)) rules.push('unit');
    // Of an age the years that are complete count.
    if (age.rounded) rules.push('rounded');
    return read(age.years, rules);
  });
  return column(flagNumbers(spellings, readings, rule, false), wordsAround(wordy));
}

/** `aged 61`, `61 completos ya`: whole years among words that leave the number what it is. */
function ageBesideWords(tidied: string): NumberText | undefined {
  const number = readNumberText(tidied);
  if (number === undefined || number.words === '' || (number.measure !== '' && number.measure !== 'year'))
    return undefined;
  const isAge = number.currency === '' && number.power === 0 && !number.percent && !number.negative && !number.inWords;
  return isAge && /^\d{1,3}$/.test(number.digits.thousands) && number.digits.open === undefined ? number : undefined;
}
