import type { RuleOf } from '../column-rule.js';
import { UNREADABLE, column, missing, read } from './cell.js';
import type { CleanedColumn, Reading, Spelling } from './cell.js';
import { currencyMix } from './currency-mix.js';
import { flagNumbers, weightedValues } from './flag-values.js';
import { configuredNumbers } from './missing-marker.js';
import { lookAtPlainNumbers, numberOf, numbersOf, rulesOf } from './read-numbers.js';
import { settleSeparators } from './separators.js';
import { settleMeasures } from './settle-measures.js';
import { wordsAround } from './words-around.js';

/** Numbers and money: signs, currencies, thousands, decimals. Impossible values are kept and flagged. */
export function cleanNumbers(spellings: readonly Spelling[], rule: RuleOf<'number'> | RuleOf<'money'>): CleanedColumn {
  const { looks, plain } = lookAtPlainNumbers(spellings, rule.missing, rule.kind === 'number');
  const isWhole = rule.kind === 'number' && rule.integer;
  // Of whole numbers only thousands have three digits behind a sign, whatever `35.0` says.
  const [cells, beside] = isWhole ? [[], undefined] : [numbersOf(looks), plain];
  const absent = configuredNumbers(rule.missing);
  const fallback = rule.kind === 'money' || isWhole ? 'grouped' : 'point';
  const options = { configured: rule.decimal, fallback, amounts: rule.kind === 'money' } as const;
  const separators = settleSeparators(cells, options, beside);
  const plainValues = weightedValues(
    spellings,
    looks.map((look) => ('number' in look ? NO_VALUE : look)),
  );
  const measures = settleMeasures(rule.kind === 'number' ? numbersOf(looks) : [], plainValues);
  const readings = looks.map((look) => {
    if (!('number' in look)) return isWhole ? rounded(look) : look;
    const separated = separators.read(look.number);
    const factor = measures.factor(look.number.measure);
    const written = numberOf(look.number, separated.text);
    if (written === undefined || factor === undefined || look.number.percent) return UNREADABLE;
    // Nothing is paid in kilos; so much a month is an amount.
    if (rule.kind === 'money' && !['', 'month'].includes(look.number.measure)) return UNREADABLE;
    const value = written * factor;
    // `$ 999,999.00` is the 999999 that the configuration calls missing.
    if (absent.has(value)) return missing('configured-missing');
    const undone = rulesOf(look, isWhole ? { ...separated, by: 'sure' } : separated);
    const rules = factor === 1 ? undone : [...undone, 'unit-converted'];
    return isWhole ? rounded(read(value, rules)) : read(value, rules);
  });
  const decisions = [
    ...separators.decisions,
    ...currencyMix(numbersOf(looks)),
    ...measures.decisions,
    ...wordsAround(numbersOf(looks.filter((_, i) => readings[i]?.outcome === 'read'))),
  ];
  return column(flagNumbers(spellings, readings, rule, true), decisions);
}

const NO_VALUE: Reading = { value: null, outcome: 'read', rules: [] };

function rounded(reading: Reading): Reading {
  if (typeof reading.value !== 'number' || Number.isSafeInteger(reading.value)) return reading;
  const whole = Math.round(reading.value);
  if (!Number.isSafeInteger(whole)) return UNREADABLE;
  return read(whole === 0 ? 0 : whole, [...reading.rules, 'rounded']);
}
