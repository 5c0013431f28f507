import type { RuleOf } from '../column-rule.js';
import { column, missing, read } from './cell.js';
import type { CleanedColumn, Reading, Spelling } from './cell.js';
import { missingTest } from './missing-marker.js';
import { tidyText } from './tidy-text.js';

/** Texts as they stand, but for blanks, invisible characters and broken encodings. */
export function cleanTexts(spellings: readonly Spelling[], rule: RuleOf<'text'>): CleanedColumn {
  const isMissing = missingTest(rule.missing);
  return column(
    spellings.map(({ text }): Reading => {
      const { text: tidied, rule: tidying } = tidyText(text);
      const absent = isMissing(tidied);
      return absent === undefined ? read(tidied, tidying === undefined ? [] : [tidying]) : missing(absent);
    }),
  );
}
