import { UNCHANGED, UNREADABLE, missing } from './cell.js';
import type { Reading, Spelling } from './cell.js';
import { missingTest } from './missing-marker.js';
import { readNumberText } from './number-text.js';
import type { NumberText } from './number-text.js';
import type { SeparatedNumber } from './separators.js';
import { tidySigns } from './tidy-text.js';

export interface NumberLook {
  readonly number: NumberText;
  readonly count: number;
  readonly tidied: string;
  /** What was changed before it was looked at. */
  readonly rules: readonly string[];
}

/** A spelling that is a number, or already known to be none. */
export type FirstLook = NumberLook | { readonly reading: Reading };

/** Looks at every spelling by itself: a missing value, a number, or what `words` makes of it. */
export function lookAtNumbers(
  spellings: readonly Spelling[],
  configured: readonly (string | number)[],
  words: (tidied: string) => Reading | undefined = () => undefined,
): FirstLook[] {
  const isMissing = missingTest(configured);
  return spellings.map(({ text, count }): FirstLook => {
    const { text: tidied, rule } = tidySigns(text);
    const absent = isMissing(tidied);
    if (absent !== undefined) return { reading: missing(absent) };
    const number = readNumberText(tidied);
    if (number !== undefined) return { number, count, tidied, rules: rule === undefined ? UNCHANGED : [rule] };
    return { reading: words(tidied) ?? UNREADABLE };
  });
}

export const numbersOf = (looks: readonly FirstLook[]): NumberLook[] => looks.filter((look) => 'number' in look);

/** A plain decimal with its sign and power of ten; undefined where it is no finite number. */
export function numberOf({ negative, power }: NumberText, decimal: string, shift = 0): number | undefined {
  const exponent = power + shift;
  const [mantissa = '', written = '0'] = decimal.split('e');
  // The power is part of the text, so that 45.2% is the number that 0.452 is.
  const value = Number(exponent === 0 ? decimal : `${mantissa}e${Number(written) + exponent}`);
  if (!Number.isFinite(value)) return undefined;
  return negative && value !== 0 ? -value : value;
}

/** What had to be undone to read a number: the names of the rules. */
export function rulesOf(
  { tidied, number, rules: before }: NumberLook,
  { text, by }: SeparatedNumber,
): readonly string[] {
  const { digits } = number;
  if (number.simple && digits.open === undefined) return before;
  const rules = [...before];
  if (number.percent) rules.push('percent-sign');
  if (number.currency !== '') rules.push('currency');
  if (number.power !== 0) rules.push('thousands-word');
  if (number.unit) rules.push('unit');
  if (number.negative && !tidied.startsWith('-')) rules.push('sign');
  const isDivided = text.includes('.');
  if (isDivided && (digits.comma === 'decimals' || digits.open === ',')) rules.push('decimal-comma');
  const separators = /\d[\d.,' _]*\d/.exec(tidied)?.[0].replace(/\d/g, '').length ?? 0;
  if (separators > (isDivided ? 1 : 0)) rules.push('thousands');
  if (by === 'against') rules.push('thousands-against-column');
  if (by === 'default') rules.push('ambiguous-separator');
  return rules;
}
