import { UNCHANGED, UNREADABLE, missing, read } from './cell.js';
import type { Reading, Spelling } from './cell.js';
import { missingTest } from './missing-marker.js';
import type { MissingTest } from './missing-marker.js';
import { readNumberText } from './number-text.js';
import type { NumberText } from './number-text.js';
import { LONG } from './separators.js';
import type { PlainNumbers, SeparatedNumber } from './separators.js';
import { tidySigns } from './tidy-text.js';

export interface NumberLook {
  readonly number: NumberText;
  readonly count: number;
  readonly tidied: string;
  /** What was changed before it was looked at. */
  readonly rules: readonly string[];
}

/** A spelling that is a number, or how it is read where it is none. */
export type FirstLook = NumberLook | Reading;

/** Looks at every spelling by itself: is it a missing value, a number, or neither. */
export function lookAtNumbers(spellings: readonly Spelling[], configured: readonly (string | number)[]): FirstLook[] {
  const isMissing = missingTest(configured);
  return spellings.map((spelling) => lookAtNumber(spelling, isMissing, false));
}

/**
 * The same, where the numbers that a program writes are read right away, and only counted: most of a large column are
 * such, and nothing that is settled for the column changes them. `withWords`: words that are not known may stand around.
 */
export function lookAtPlainNumbers(
  spellings: readonly Spelling[],
  configured: readonly (string | number)[],
  withWords: boolean,
): { readonly looks: readonly FirstLook[]; readonly plain: PlainNumbers } {
  const isMissing = missingTest(configured);
  const plain = { decimals: 0, long: 0, whole: 0 };
  const looks = spellings.map((spelling): FirstLook => {
    const { text, count } = spelling;
    const [, whole, decimals = ''] = PLAIN.exec(text) ?? [];
    const isOpen = decimals.length === 3 && whole !== undefined && whole.length <= 3 && whole !== '0';
    const value = Number(text);
    if (whole === undefined || isOpen || value === 0 || !Number.isFinite(value) || isMissing(text) !== undefined) {
      return lookAtNumber(spelling, isMissing, withWords);
    }
    if (decimals === '') plain.whole += count;
    else plain.decimals += count;
    if (decimals.length >= LONG) plain.long += count;
    return read(value);
  });
  return { looks, plain };
}

const PLAIN = /^-?(0|[1-9]\d*)(?:\.(\d+))?$/;

function lookAtNumber({ text, count }: Spelling, isMissing: MissingTest, withWords: boolean): FirstLook {
  const { text: tidied, rule } = tidySigns(text);
  const absent = isMissing(tidied);
  if (absent !== undefined) return missing(absent);
  const number = readNumberText(tidied);
  // Of an amount a word that is not known may be a currency, or a multiple.
  if (number === undefined || (number.words !== '' && !withWords)) return UNREADABLE;
  return { number, count, tidied, rules: rule === undefined ? UNCHANGED : [rule] };
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
  if (number.words !== '') rules.push('words-around');
  if (number.inWords) rules.push('number-words');
  if (number.approximate) rules.push('approximate');
  if (number.negative && !tidied.startsWith('-')) rules.push('sign');
  const isDivided = text.includes('.');
  if (isDivided && (digits.comma === 'decimals' || digits.open === ',')) rules.push('decimal-comma');
  const separators = /\d[\d.,' _]*\d/.exec(tidied)?.[0].replace(/\d/g, '').length ?? 0;
  if (separators > (isDivided ? 1 : 0)) rules.push('thousands');
  if (by === 'against') rules.push('thousands-against-column');
  if (by === 'default') rules.push('ambiguous-separator');
  if (rules.length === 0 && Number.isNaN(Number(tidied))) rules.push('number-format');
  return rules;
}
