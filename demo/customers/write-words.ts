import type { Draws } from '../draws.js';
import type { Dirt, WrittenCell } from './cell.js';
import type { Word } from './customer-profile.js';

const NBSP = '\u00a0';

/** How often a word is written how. */
const noise = { clean: 62, case: 14, blanks: 9, accents: 5, alias: 6, typo: 4 } as const satisfies Partial<
  Record<Dirt, number>
>;

/** A word as people type it. `others` are the words that it must not be taken for. */
export function writeWord({ word, aliases }: Word, others: readonly string[], random: Draws): WrittenCell {
  const dirt = random.weighted(noise);
  const cell = {
    clean: () => word,
    case: () => inAnotherCase(word, random),
    blanks: () => amongBlanks(random.pick([word, titleCase(word)]), random),
    accents: () => withOtherAccents(word, random),
    alias: () => (aliases.length === 0 ? word : random.pick(aliases)),
    typo: () => withTypo(word, others, random),
  }[dirt]();
  return { cell, dirt: cell === word ? 'clean' : dirt };
}

export const titleCase = (text: string): string =>
  text.replaceAll(/(?<=^|[\s-])\p{L}/gu, (letter) => letter.toUpperCase());

const inAnotherCase = (text: string, random: Draws): string =>
  random.pick([
    titleCase(text),
    text.toUpperCase(),
    text === text.toUpperCase() ? text.toLowerCase() : titleCase(text),
  ]);

/** Blanks before, behind and doubled within, some of them non-breaking. */
export function amongBlanks(text: string, random: Draws): string {
  const forms = [` ${text}`, `${text}  `, ` ${text} `, `${NBSP}${text}`, `${text}${NBSP}`, `\t${text}`];
  if (text.includes(' ')) forms.push(text.replaceAll(' ', '  '), text.replaceAll(' ', NBSP));
  return random.pick(forms);
}

const accented: Readonly<Record<string, string>> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú' };

/** Without its accents, or with one on a vowel that has none. */
function withOtherAccents(word: string, random: Draws): string {
  const bare = word.normalize('NFD').replaceAll(/\p{M}/gu, '').normalize('NFC');
  if (bare !== word) return bare;
  const vowels = Array.from(word).flatMap((letter, i) => (letter in accented ? [i] : []));
  if (vowels.length === 0) return word;
  const at = random.pick(vowels);
  return word.slice(0, at) + (accented[word[at] ?? ''] ?? '') + word.slice(at + 1);
}

/** One slip: a letter left out, doubled, swapped with the next, or its neighbour. Short words stay as they are. */
function withTypo(word: string, others: readonly string[], random: Draws): string {
  const letters = Array.from(word);
  if (letters.length < 5) return word;
  const at = random.integer(1, letters.length - 2);
  const [here = '', next = ''] = letters.slice(at, at + 2);
  const slip = random.pick<readonly [number, string]>([
    [1, ''],
    [1, here + here],
    [2, next + here],
    [1, random.pick(['s', 'r', 'n', 'm'])],
  ]);
  const typed = letters.toSpliced(at, slip[0], slip[1]).join('');
  return others.includes(typed) ? word : typed;
}
