import type { RuleOf } from '../column-rule.js';
import { withoutApproximation } from './approximation.js';
import { UNREADABLE, column, missing, read } from './cell.js';
import type { CleanedColumn, Decision, Reading, Spelling } from './cell.js';
import { readDayWords, saysNever } from './day-words.js';
import { findDaySentinels } from './day-sentinels.js';
import { readDigits } from './digits.js';
import { flagNumbers, weightedValues } from './flag-values.js';
import { configuredNumbers, missingTest } from './missing-marker.js';
import { tidySigns } from './tidy-text.js';

const never = (rules: readonly string[]): Reading => ({ value: null, outcome: 'read', rules, never: true });

/**
 * Days since something. "Never", in words or by a number that stands for it, is null and marked as such; a missing
 * value is null and says nothing. Numbers of the configured `missing` and `sentinels` stand for never; with `sentinels`,
 * be it an empty list, none is looked for.
 */
export function cleanDays(spellings: readonly Spelling[], rule: RuleOf<'days'>): CleanedColumn {
  const named = configuredNumbers(rule.missing);
  const configured = new Set([...named, ...(rule.sentinels ?? [])]);
  const isMissing = missingTest(rule.missing.filter((one) => !named.has(Number(one))));
  const looks = spellings.map(({ text }): Reading => {
    const { text: tidied, rule: tidying } = tidySigns(text);
    const rules: string[] = tidying === undefined ? [] : [tidying];
    if (saysNever(tidied)) return never([...rules, 'never']);
    const absent = isMissing(tidied);
    return absent === undefined ? countedDays(tidied, rules) : missing(absent);
  });
  const values = weightedValues(spellings, looks);
  const { found, possible } =
    rule.sentinels === undefined ? findDaySentinels(values.filter(({ value }) => !configured.has(value))) : NONE;
  const readings = looks.map((look): Reading => {
    const { value } = look;
    if (typeof value !== 'number') return look;
    if (configured.has(value)) return never(['configured-sentinel']);
    return found.has(value) ? never(['sentinel']) : look;
  });
  const decisions = [...configured].flatMap((value): Decision[] => sentinel(value, 'configuration'));
  decisions.push(...[...found].flatMap((value) => sentinel(value, 'evidence')));
  decisions.push(...[...possible].flatMap((value) => sentinel(value, 'default', 'possible sentinel')));
  const flagged = flagNumbers(spellings, readings, { ...rule, min: rule.min ?? 0 }, true);
  return column(rule.sentinels === undefined ? flagged : flagged.map(withoutPlaceholder), decisions);

  function sentinel(value: number, by: Decision['by'], what = 'sentinel'): Decision[] {
    const cells = values.reduce((sum, one) => sum + (one.value === value ? one.count : 0), 0);
    return cells === 0 ? [] : [{ what, chosen: String(value), by, evidence: { cells } }];
  }
}

/** Who names all sentinels says that 999 is a number of days. */
function withoutPlaceholder(reading: Reading): Reading {
  if (reading.flag !== 'placeholder') return reading;
  const { flag: _, ...rest } = reading;
  return rest;
}

const NONE = { found: new Set<number>(), possible: new Set<number>() };
const PLAIN = /^([+-]?)(\d[\d.,']*)$/;

function countedDays(tidied: string, rules: readonly string[]): Reading {
  const { text, approximate } = withoutApproximation(tidied);
  const [, sign, plain] = PLAIN.exec(text) ?? [];
  const words = plain === undefined ? readDayWords(text) : { amount: plain, days: 1 };
  const digits = words === undefined ? undefined : readDigits(words.amount);
  if (words === undefined || digits === undefined) return UNREADABLE;
  // Days come in whole numbers: of `1.234` the point makes thousands.
  const exact = Number(digits.thousands) * words.days;
  if (!Number.isSafeInteger(Math.floor(exact))) return UNREADABLE;
  const days = Math.floor(exact) * (sign === '-' ? -1 : 1);
  const changes = [
    ...(approximate ? ['approximate'] : []),
    ...(plain === undefined ? ['unit'] : []),
    ...(digits.open === undefined ? [] : ['thousands']),
    ...(Number.isInteger(exact) ? [] : ['rounded']),
  ];
  const all = [...rules, ...changes];
  if (all.length === 0 && Number.isNaN(Number(tidied))) all.push('number-format');
  return read(days === 0 ? 0 : days, all);
}
