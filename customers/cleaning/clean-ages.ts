import type { RuleOf } from '../column-rule.js';
import { UNREADABLE, column, missing, read } from './cell.js';
import type { CleanedColumn, Reading, Spelling } from './cell.js';
import { flagNumbers } from './flag-values.js';
import { missingTest } from './missing-marker.js';
import { numberFromWords } from './number-words.js';
import { tidySigns, withoutAccents } from './tidy-text.js';

/** `35`, `35.0`, `35 años de edad`, `age: 35`, `35 y.o.`; years of other tongues and of broken encodings (`a?os`). */
const AGE =
  /^(?:(?:edad|age|idade|tiene|tem)\s*:?\s*)?(-?\d{1,4})(?:[.,](\d+))?\s*(?:(?:a.{0,2}os|years?|yrs?|y|yo|y\/o|y\.o\.|a|ans|jahre|anni)\.?\s*(?:old|de edad|de idade|of age)?)?$/;
const IN_WORDS = /^([a-z -]+?)\s*(?:anos|years|ans)?(?:\s*(?:old|de edad|de idade))?$/;

/** Whole years, in numbers and words. Impossible ages are kept and flagged. */
export function cleanAges(spellings: readonly Spelling[], rule: RuleOf<'age'>): CleanedColumn {
  const isMissing = missingTest(rule.missing);
  const readings = spellings.map(({ text }): Reading => {
    const { text: tidied, rule: tidying } = tidySigns(text);
    const absent = isMissing(tidied);
    if (absent !== undefined) return missing(absent);
    const rules: string[] = tidying === undefined ? [] : [tidying];
    const folded = withoutAccents(tidied);
    const [, years, part] = AGE.exec(folded) ?? [];
    if (years !== undefined) {
      if (!/^-?\d+(?:\.\d+)?$/.test(tidied)) rules.push('unit');
      // Of an age the years that are complete count.
      if (part !== undefined && Number(part) !== 0) rules.push('rounded');
      return read(Number(years), rules);
    }
    const [, words] = IN_WORDS.exec(folded) ?? [];
    const inWords = words === undefined ? undefined : numberFromWords(words);
    return inWords === undefined ? UNREADABLE : read(inWords, [...rules, 'number-words']);
  });
  return column(flagNumbers(spellings, readings, rule, false));
}
