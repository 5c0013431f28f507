import type { RuleOf } from '../column-rule.js';
import { UNREADABLE, column, missing, read } from './cell.js';
import type { CleanedColumn, Decision, Reading, Spelling } from './cell.js';
import { settleDateOrder } from './date-order.js';
import { readDateText } from './date-text.js';
import type { DateText } from './date-text.js';
import { missingTest } from './missing-marker.js';
import { tidySigns } from './tidy-text.js';

/** What systems store where there is no date. */
const NO_DATES = new Set([
  '0001-01-01',
  '1753-01-01',
  '1899-12-30',
  '1899-12-31',
  '1900-01-01',
  '2999-12-31',
  '9999-12-31',
]);
const ZEROS = /^0{1,4}([-/.])00?\1(?:00?|0000)(?:[t ]00:00(?::00)?.*)?$/i;

/** Dates in any order, with names of months, of spreadsheets and of clocks. Outside of the bounds they are flagged. */
export function cleanDates(spellings: readonly Spelling[], rule: RuleOf<'date'>, fecha: string): CleanedColumn {
  const isMissing = missingTest(rule.missing);
  const thisYear = Number(fecha.slice(0, 4));
  const looks = spellings.map(({ text, count }) => {
    const { text: tidied, rule: tidying } = tidySigns(text);
    const rules: string[] = tidying === undefined ? [] : [tidying];
    const absent = isMissing(tidied) ?? (ZEROS.test(tidied) ? 'sentinel-date' : undefined);
    if (absent !== undefined) return { absent, count, rules };
    return { found: readDateText(tidied, thisYear), count, rules, tidied };
  });
  const parts = looks.flatMap(({ found, count }) =>
    found !== undefined && 'first' in found ? [{ parts: found, count }] : [],
  );
  const order = settleDateOrder(parts, rule.order);
  const readings = looks.map(({ absent, found, rules, tidied }): Reading => {
    if (absent !== undefined) return missing(absent);
    if (found === undefined) return UNREADABLE;
    if (!('first' in found)) return judged(found.date, [...rules, ...ruleOf(found.form, tidied)]);
    const ordered = order.read(found);
    if (ordered === undefined) return UNREADABLE;
    if (ordered === 'undecided') return { ...UNREADABLE, rules: ['undecided-order'] };
    const twoDigits = found.style.endsWith('2') ? ['two-digit-year'] : [];
    return judged(ordered.date, [...rules, 'date-format', ...twoDigits, ...(ordered.sure ? [] : ['order-by-default'])]);
  });
  const turned = turnedDates(looks);
  return column(readings, [...order.decisions, ...(turned === undefined ? [] : [turned])]);

  function judged(date: string, rules: readonly string[]): Reading {
    if (NO_DATES.has(date)) return missing('sentinel-date');
    if (rule.min !== undefined && date < rule.min) return { ...read(date, rules), flag: 'below-min' };
    return rule.max !== undefined && date > rule.max ? { ...read(date, rules), flag: 'above-max' } : read(date, rules);
  }
}

const RULES = {
  iso: [],
  numbers: ['date-format'],
  name: ['month-name'],
  serial: ['serial-date'],
  timestamp: ['timestamp'],
};

/** An ISO moment at midnight is the same date; the hour of any other one is left out, and that is told. */
const ruleOf = (form: keyof typeof RULES, tidied: string): readonly string[] =>
  form === 'numbers' && /^\d{4}-\d\d-\d\d[t ]/i.test(tidied) ? ['time-left-out'] : RULES[form];

/** From so many cells on, days that never go beyond 12 are no chance. */
const ENOUGH = 30;

/**
 * A spreadsheet of another country takes the texts that it can read for dates, with month and day exchanged, and leaves
 * the others as texts. Then no day of a date is above 12, and in every text one part is. It cannot be proved, so it is
 * told.
 */
function turnedDates(
  looks: readonly { readonly found?: DateText | undefined; readonly count: number }[],
): Decision | undefined {
  let [dates, late, texts, open] = [0, 0, 0, 0];
  for (const { found, count } of looks) {
    if (found === undefined) continue;
    if ('first' in found) {
      texts += count;
      if (found.first <= 12 && found.second <= 12) open += count;
    } else if (found.form === 'iso' || found.form === 'numbers') {
      dates += count;
      if (Number(found.date.slice(8)) > 12) late += count;
    }
  }
  if (dates < ENOUGH || texts < ENOUGH || late > 0 || open > 0) return undefined;
  const what = 'dates in which a spreadsheet may have exchanged month and day';
  return { what, chosen: 'as they stand', by: 'default', evidence: { dates, texts } };
}
