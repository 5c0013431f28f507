import { areContrary } from './contrary-words.js';
import { foldWord } from './tidy-text.js';
import { editsBetween, wordLikeness } from './word-likeness.js';

export interface Canonical {
  /** The right word for an exact spelling, whatever its case, accents, punctuation and blanks; undefined where none is. */
  exact(tidied: string): string | undefined;
  /** The nearest words of all that are near enough: none, one, or several that are equally near. */
  near(tidied: string): { readonly words: readonly string[]; readonly similarity: number } | undefined;
}

/** A typo for every four letters, and one in shorter words: `oriente` is near to `occidente` by its letters alone. */
const editsAllowed = (length: number): number => Math.max(1, Math.floor(length / 4));

/** A list of right words with other spellings of each. Of a spelling that two words claim the first one has it. */
export function canonicalWords(values: { readonly [word: string]: readonly string[] }, threshold: number): Canonical {
  const known = new Map<string, string>();
  /** The forms with their blanks, by those without. */
  const spaced = new Map<string, string>();
  const add = (spelling: string, word: string): void => {
    const folded = foldWord(spelling);
    spaced.set(compact(spelling), folded);
    for (const form of [folded, compact(spelling)]) if (!known.has(form)) known.set(form, word);
  };
  for (const word of Object.keys(values)) add(word, word);
  for (const [word, spellings] of Object.entries(values)) for (const spelling of spellings) add(spelling, word);
  return {
    exact: (tidied) => known.get(foldWord(tidied)) ?? known.get(compact(tidied)),
    near(tidied) {
      const folded = foldWord(tidied);
      const joined = joinedWords(folded);
      const digits = digitsIn(folded);
      let nearest: { words: string[]; edits: number; similarity: number } | undefined;
      for (const [form, word] of known) {
        // `28-25` is no typo of `18-25`; `n0rte` is one of `norte`.
        const wanted = digitsIn(form);
        if (wanted !== '' && wanted !== digits) continue;
        if (Math.abs(form.length - folded.length) > editsAllowed(form.length)) continue;
        const edits = editsBetween(folded, form);
        // Letters that come twice can lead the first measure astray: `pmpeana`.
        const unedited = 1 - edits / Math.max(folded.length, form.length);
        const similarity = Math.max(wordLikeness(folded, form), unedited);
        if (edits > editsAllowed(Math.min(form.length, folded.length)) || similarity < threshold) continue;
        if (areContrary(folded, spaced.get(form) ?? form) || areContrary(joined, joinedWords(form))) continue;
        if (nearest === undefined || edits < nearest.edits) nearest = { words: [word], edits, similarity };
        else if (edits === nearest.edits) {
          if (!nearest.words.includes(word)) nearest.words.push(word);
          nearest.similarity = Math.max(nearest.similarity, similarity);
        }
      }
      return nearest;
    },
  };
}

const digitsIn = (text: string): string => text.replaceAll(/\D/g, '');

const compact = (text: string): string => joinedWords(foldWord(text));

const joinedWords = (folded: string): string => folded.replaceAll(' ', '');
