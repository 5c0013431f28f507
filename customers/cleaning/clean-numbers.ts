import type { RuleOf } from '../column-rule.js';
import { UNREADABLE, column, read } from './cell.js';
import type { CleanedColumn, Spelling } from './cell.js';
import { settleDecimalSign } from './decimal-sign.js';
import { flagNumbers } from './flag-values.js';
import { lookAtNumbers, numberOf, numbersOf, rulesOf } from './read-numbers.js';

/** Numbers and money: signs, currencies, thousands, decimals. Impossible values are kept and flagged. */
export function cleanNumbers(spellings: readonly Spelling[], rule: RuleOf<'number'> | RuleOf<'money'>): CleanedColumn {
  const looks = lookAtNumbers(spellings, rule.missing);
  const isWhole = rule.kind === 'number' && rule.integer;
  const fallback = rule.kind === 'money' || isWhole ? 'grouped' : 'point';
  // Of whole numbers only thousands have three digits behind a sign, whatever `35.0` says.
  const signs = settleDecimalSign(isWhole ? [] : numbersOf(looks), rule.decimal, fallback);
  const readings = looks.map((look) => {
    if ('reading' in look) return look.reading;
    const { text, sure } = signs.decimalOf(look.number);
    const value = numberOf(look.number, text);
    if (value === undefined || look.number.percent) return UNREADABLE;
    const rules = [...look.rules, ...rulesOf(look.tidied, look.number, text, sure || isWhole)];
    if (!isWhole) return read(value, rules);
    const whole = Math.round(value);
    if (!Number.isSafeInteger(whole)) return UNREADABLE;
    return read(whole === 0 ? 0 : whole, whole === value ? rules : [...rules, 'rounded']);
  });
  return column(flagNumbers(spellings, readings, rule, true), signs.decisions);
}
