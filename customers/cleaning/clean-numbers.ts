import type { RuleOf } from '../column-rule.js';
import { UNREADABLE, column, read } from './cell.js';
import type { CleanedColumn, Spelling } from './cell.js';
import { flagNumbers } from './flag-values.js';
import { lookAtNumbers, numberOf, numbersOf, rulesOf } from './read-numbers.js';
import { settleSeparators } from './separators.js';

/** Numbers and money: signs, currencies, thousands, decimals. Impossible values are kept and flagged. */
export function cleanNumbers(spellings: readonly Spelling[], rule: RuleOf<'number'> | RuleOf<'money'>): CleanedColumn {
  const looks = lookAtNumbers(spellings, rule.missing);
  const isWhole = rule.kind === 'number' && rule.integer;
  // Of whole numbers only thousands have three digits behind a sign, whatever `35.0` says.
  const separators = settleSeparators(isWhole ? [] : numbersOf(looks), {
    configured: rule.decimal,
    fallback: rule.kind === 'money' || isWhole ? 'grouped' : 'point',
    amounts: rule.kind === 'money',
  });
  const readings = looks.map((look) => {
    if ('reading' in look) return look.reading;
    const separated = separators.read(look.number);
    const value = numberOf(look.number, separated.text);
    if (value === undefined || look.number.percent) return UNREADABLE;
    const rules = rulesOf(look, isWhole ? { ...separated, by: 'sure' } : separated);
    if (!isWhole) return read(value, rules);
    const whole = Math.round(value);
    if (!Number.isSafeInteger(whole)) return UNREADABLE;
    return read(whole === 0 ? 0 : whole, whole === value ? rules : [...rules, 'rounded']);
  });
  return column(flagNumbers(spellings, readings, rule, true), separators.decisions);
}
