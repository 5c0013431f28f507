import type { RuleOf } from '../column-rule.js';
import { UNREADABLE, column, missing, read } from './cell.js';
import type { CleanedColumn, Reading, Spelling } from './cell.js';
import { settleDateOrder } from './date-order.js';
import { readDateText } from './date-text.js';
import type { DateText } from './date-text.js';
import { missingTest } from './missing-marker.js';
import { isNoDate, noDateText } from './no-date.js';
import { tidySigns } from './tidy-text.js';
import { turnedDates } from './turned-dates.js';

/** Dates in any order, with names of months, of spreadsheets and of clocks. Outside of the bounds they are flagged. */
export function cleanDates(spellings: readonly Spelling[], rule: RuleOf<'date'>, fecha: string): CleanedColumn {
  const isMissing = missingTest(rule.missing);
  const thisYear = Number(fecha.slice(0, 4));
  const looks = spellings.map(({ text, count }) => {
    const { text: tidied, rule: tidying } = tidySigns(text);
    const rules: string[] = tidying === undefined ? [] : [tidying];
    const absent = isMissing(tidied) ?? noDateText(tidied);
    if (absent !== undefined) return { absent, count, rules, tidied };
    return { found: readDateText(tidied, thisYear), count, rules, tidied };
  });
  const cells = looks.flatMap(({ found, count }) =>
    found !== undefined && 'readings' in found ? [{ date: found, count }] : [],
  );
  const order = settleDateOrder(cells, rule.order, thisYear);
  const readings = looks.map(({ absent, found, rules, tidied }): Reading => {
    if (absent !== undefined) return missing(absent);
    if (found === undefined) return UNREADABLE;
    if ('date' in found) return judged(found.date, [...rules, ...rulesOf(found, found.date, tidied)]);
    const ordered = order.read(found);
    if (ordered === undefined) return UNREADABLE;
    if (ordered === 'undecided') return { ...UNREADABLE, rules: ['undecided-order'] };
    const byDefault = ordered.sure ? [] : ['order-by-default'];
    return judged(ordered.date, [...rules, ...rulesOf(found, ordered.date, tidied), ...byDefault]);
  });
  const turned = turnedDates(cells);
  return column(readings, [...order.decisions, ...(turned === undefined ? [] : [turned])]);

  function judged(date: string, rules: readonly string[]): Reading {
    if (isNoDate(date)) return missing('sentinel-date');
    if (rule.min !== undefined && date < rule.min) return { ...read(date, rules), flag: 'below-min' };
    return rule.max !== undefined && date > rule.max ? { ...read(date, rules), flag: 'above-max' } : read(date, rules);
  }
}

/** What was done to make this date of the text; nothing where that is just how it is written. */
function rulesOf(found: DateText, date: string, tidied: string): readonly string[] {
  if (tidied === date) return [];
  const time = found.hasTime ? ['time-left-out'] : [];
  if ('form' in found) return [found.form === 'serial' ? 'serial-date' : 'timestamp', ...time];
  if (found.hasTime && tidied.startsWith(date)) return time;
  const format = found.style.parts === 'month by name' ? 'month-name' : 'date-format';
  return [format, ...time, ...(found.style.yearDigits === 2 ? ['two-digit-year'] : [])];
}
