import { wordsIn } from './word-lists.js';
import { editsBetween } from './word-likeness.js';

/** What a flag column says, by its words as they are compared. */
export interface FlagWord {
  readonly count: number;
  /** Yes or no, where it is known. */
  readonly value: boolean | undefined;
}

/** So few cells of all are a slip or a note, and no side of a flag. */
const FEW = 0.005;

/** What is on neither side. */
const NEITHER = wordsIn(
  'maybe perhaps pending later other sometimes quiza quizas pendiente otro otra depende talvez outro vielleicht',
);
/** Codes of answers that nobody gave are numbers; but databases write yes and no as -1 and 0. */
const isCode = (word: string, known: string): boolean => /^-?\d/.test(word) && !(word === '-1' && known === '0');

/**
 * The word of a column of two words of which the other one says yes or no: it says the opposite (`Regular` beside
 * `VIP`). Undefined where there are more words, or fewer, and where it may be a typo of the other one.
 */
export function otherValue(
  words: ReadonlyMap<string, FlagWord>,
): { readonly word: string; readonly value: boolean; readonly known: string } | undefined {
  if (words.size !== 2) return undefined;
  const [[word, one], [known, other]] = [...words].toSorted(([, a], [, b]) => rank(a) - rank(b)) as [
    [string, FlagWord],
    [string, FlagWord],
  ]; // there are two
  if (one.value !== undefined || other.value === undefined) return undefined;
  if (NEITHER.has(word) || isCode(word, known)) return undefined;
  const isRare = one.count < FEW * (one.count + other.count);
  const isNear = Math.min(word.length, known.length) > 1 && editsBetween(word, known) === 1;
  return isRare || isNear ? undefined : { word, value: !other.value, known };
}

/** Unknown words first. */
const rank = ({ value }: FlagWord): number => (value === undefined ? 0 : 1);
