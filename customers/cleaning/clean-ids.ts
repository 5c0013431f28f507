import type { RuleOf } from '../column-rule.js';
import { column, missing, read } from './cell.js';
import type { CleanedColumn, Decision, Reading, Spelling } from './cell.js';
import { missingTest } from './missing-marker.js';
import { tidyText } from './tidy-text.js';
import { cellsOf } from './weighted.js';

const FLOAT = /^\d+\.0+$/;
const ROUNDED = /^\d(?:\.\d+)?e\+?\d+$/i;

/**
 * Ids are texts: leading zeros count, and `0` is one. Where every id is a whole number with decimals of zero (`123.0`,
 * which a column of numbers with gaps becomes in some tools), the decimals go; where only some are, all stay.
 */
export function cleanIds(spellings: readonly Spelling[], rule: RuleOf<'id'>): CleanedColumn {
  const isMissing = missingTest(rule.missing);
  const looks = spellings.map(({ text, count }) => {
    const { text: tidied, rule: tidying } = tidyText(text);
    return { tidied, tidying, count, absent: isMissing(tidied) };
  });
  const there = looks.filter(({ absent }) => absent === undefined);
  const floats = there.filter(({ tidied }) => FLOAT.test(tidied));
  const areFloats = floats.length > 0 && floats.length === there.length;
  const readings = looks.map(({ tidied, tidying, absent }): Reading => {
    if (absent !== undefined) return missing(absent);
    const rules = tidying === undefined ? [] : [tidying];
    return areFloats ? read(tidied.replace(/\.0+$/, ''), [...rules, 'float-id']) : read(tidied, rules);
  });
  const decisions: Decision[] = [];
  if (floats.length > 0) {
    const chosen = areFloats ? 'decimals of zero go' : 'as they stand';
    const evidence = { 'whole with decimals': cellsOf(floats), others: cellsOf(there) - cellsOf(floats) };
    decisions.push({ what: 'ids', chosen, by: 'evidence', evidence });
  }
  const rounded = there.filter(({ tidied }) => ROUNDED.test(tidied));
  if (rounded.length > 0) {
    const evidence = { cells: cellsOf(rounded) };
    decisions.push({ what: 'ids with an exponent', chosen: 'as they stand', by: 'default', evidence });
  }
  return column(readings, decisions);
}
