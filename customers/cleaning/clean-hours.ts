import type { RuleOf } from '../column-rule.js';
import { UNREADABLE, column, missing, read } from './cell.js';
import type { CleanedColumn, Reading, Spelling } from './cell.js';
import { missingTest } from './missing-marker.js';
import { tidySigns, withoutAccents } from './tidy-text.js';

/** `14`, `14:30`, `14h30`, `2 pm`, `2:30 p.m.`, `14 hs`, with or without a date before it. */
const CLOCK =
  /^(?:\d{4}-\d\d-\d\d[t ])?(\d{1,2})(?:(?:[:h.,]\s?(\d{1,2})(?::\d{2}(?:\.\d+)?)?)|(\d{2}))?\s*(?:hs?|hrs?|horas?|hours?|uhr|o'clock)?\.?\s*(?:(a|p)\.?\s?m\.?)?$/;
/** Part of a day, as spreadsheets store times. */
const PART = /^0?[.,](\d+)$/;
const WORDS = new Map([
  ...['midnight', 'medianoche', 'meia noite'].map((word) => [word, 0] as const),
  ...['noon', 'mediodia', 'meio dia'].map((word) => [word, 12] as const),
]);

/** Hours of a day, 0..23; minutes are left out, and 24 is 0. */
export function cleanHours(spellings: readonly Spelling[], rule: RuleOf<'hour'>): CleanedColumn {
  const isMissing = missingTest(rule.missing);
  return column(
    spellings.map(({ text }): Reading => {
      const { text: tidied, rule: tidying } = tidySigns(text);
      const absent = isMissing(tidied);
      if (absent !== undefined) return missing(absent);
      const hour = hourOf(withoutAccents(tidied));
      if (hour === undefined) return UNREADABLE;
      const rules = [...(tidying === undefined ? [] : [tidying]), ...(Number(tidied) === hour ? [] : ['hour-format'])];
      return read(hour, rules);
    }),
  );
}

function hourOf(text: string): number | undefined {
  const named = WORDS.get(text.replace('-', ' '));
  if (named !== undefined) return named;
  const [, digits] = PART.exec(text) ?? [];
  // A hundredth of a second more, since 14:00 is stored as 0.5833333.
  if (digits !== undefined) return Math.floor(Number(`0.${digits}`) * 24 + 1e-4) % 24;
  const [, hours, minutes = '0', joined, half] = CLOCK.exec(text) ?? [];
  if (
    hours === undefined ||
    Number(joined ?? minutes) > 59 ||
    (joined !== undefined && hours.length + joined.length < 4)
  ) {
    return undefined;
  }
  const hour = Number(hours);
  if (half !== undefined) return hour < 1 || hour > 12 ? undefined : (hour % 12) + (half === 'p' ? 12 : 0);
  return hour > 24 ? undefined : hour % 24;
}
