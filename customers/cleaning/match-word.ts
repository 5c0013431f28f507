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
const editsToBeNear = (a: string, b: string): number => Math.max(1, Math.floor(Math.min(a.length, b.length) / 4));

interface Candidate {
  readonly form: string;
  readonly word: string;
  readonly edits: number;
  readonly similarity: number;
}

/** A word that is one edit away is meant, be it ever so short, where no other word of the list is within so many. */
const CLEAR = 2;
/** Shorter ones are abbreviations, of which many are one letter apart. */
const SHORTEST = 3;
/** Who asks for so much likeness wants no such guess. */
const SURE = 0.95;

const LETTERS = new Map([
  ['ä', 'ae'],
  ['æ', 'ae'],
  ['ö', 'oe'],
  ['ø', 'oe'],
  ['œ', 'oe'],
  ['ü', 'ue'],
  ['å', 'aa'],
]);
const spelledOut = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFC')
    .replace(/[äæöøœüå]/gu, (letter) => LETTERS.get(letter) ?? letter);

/** A list of right words with other spellings of each. Of a spelling that two words claim the first one has it. */
export function canonicalWords(values: { readonly [word: string]: readonly string[] }, threshold: number): Canonical {
  const known = new Map<string, string>();
  /** The forms with their blanks, by those without. */
  const spaced = new Map<string, string>();
  const add = (spelling: string, word: string): void => {
    addForm(spelling, word);
    // `Zuerich`, as it is written where there is no ü.
    const spelled = spelledOut(spelling);
    if (spelled !== spelling) addForm(spelled, word);
  };
  const addForm = (spelling: string, word: string): void => {
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
      const isContrary = ({ form }: Candidate): boolean =>
        areContrary(folded, spaced.get(form) ?? form) || areContrary(joined, joinedWords(form));
      const candidates = candidatesFor(folded, known);
      const near = candidates.filter(
        (one) => one.edits <= editsToBeNear(folded, one.form) && one.similarity >= threshold && !isContrary(one),
      );
      if (near.length > 0) return nearestOf(near);
      const winner = threshold > SURE ? undefined : clearWinner(folded, candidates);
      return winner === undefined || isContrary(winner)
        ? undefined
        : { words: [winner.word], similarity: winner.similarity };
    },
  };
}

/** What a word can be a typo of, by its letters alone. */
function candidatesFor(folded: string, known: ReadonlyMap<string, string>): readonly Candidate[] {
  const digits = digitsIn(folded);
  const candidates: Candidate[] = [];
  for (const [form, word] of known) {
    // `28-25` is no typo of `18-25`; `n0rte` is one of `norte`.
    const wanted = digitsIn(form);
    if (wanted !== '' && wanted !== digits) continue;
    const most = Math.max(CLEAR, editsToBeNear(folded, form));
    if (Math.abs(form.length - folded.length) > most) continue;
    const edits = editsBetween(folded, form);
    if (edits > most) continue;
    // Letters that come twice can lead the first measure astray: `pmpeana`.
    const unedited = 1 - edits / Math.max(folded.length, form.length);
    candidates.push({ form, word, edits, similarity: Math.max(wordLikeness(folded, form), unedited) });
  }
  return candidates;
}

function nearestOf(near: readonly Candidate[]): { readonly words: readonly string[]; readonly similarity: number } {
  const fewest = Math.min(...near.map(({ edits }) => edits));
  const nearest = near.filter(({ edits }) => edits === fewest);
  return {
    words: [...new Set(nearest.map(({ word }) => word))],
    similarity: Math.max(...nearest.map(({ similarity }) => similarity)),
  };
}

/** The form that is one edit away, where no form of another word is nearly as near. */
function clearWinner(folded: string, candidates: readonly Candidate[]): Candidate | undefined {
  if (folded.length < 2) return undefined;
  // Of abbreviations any two are two letters apart.
  const close = candidates.filter(({ form, edits }) => edits <= (form.length < SHORTEST ? 1 : CLEAR));
  const words = new Set(close.map(({ word }) => word));
  return words.size > 1 ? undefined : close.find(({ form, edits }) => edits === 1 && form.length >= SHORTEST);
}

const digitsIn = (text: string): string => text.replaceAll(/\D/g, '');

const compact = (text: string): string => joinedWords(foldWord(text));

const joinedWords = (folded: string): string => folded.replaceAll(' ', '');
