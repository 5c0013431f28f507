import type { Decision } from './cell.js';
import { addTo } from './tally.js';

interface WordyNumber {
  readonly number: { readonly words: string };
  readonly count: number;
}

/** Each wording beside numbers that was left out, with its cells, the most frequent first. */
export function wordsAround(cells: readonly WordyNumber[]): readonly Decision[] {
  const counts = new Map<string, number>();
  for (const { number, count } of cells) {
    if (number.words !== '') addTo(counts, number.words, count);
  }
  return [...counts]
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([words, count]) => ({ what: WORDS_AROUND, chosen: words, by: 'evidence', evidence: { cells: count } }));
}

/** What these decisions are called: the words were left out, and the number beside them is the value. */
export const WORDS_AROUND = 'words left out';
