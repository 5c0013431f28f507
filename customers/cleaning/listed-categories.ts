import type { RuleOf } from '../column-rule.js';
import { missing, read } from './cell.js';
import type { CleanedColumn, Reading, Spelling, WordMatch } from './cell.js';
import { canonicalWords } from './match-word.js';
import { missingTest } from './missing-marker.js';
import { addTo } from './tally.js';
import { foldWord, tidyText } from './tidy-text.js';
import { wordInText } from './word-in-text.js';

/** So many cells, and one for every ten of the word it is near to: nobody slips the same way so often. */
const FREQUENT_CELLS = 10;
const FREQUENT_SHARE = 0.1;
/** Of a letter that an encoding lost they all have the same: `C?rdoba`. */
const LOST_LETTER = /\p{L}[?\ufffd]|[?\ufffd]\p{L}/u;

interface Look {
  readonly tidied: string;
  readonly folded: string;
  readonly count: number;
  /** What it is without a guess. */
  readonly reading: Reading | undefined;
}

/** Words of a list: by their spelling, then by typos near enough to one of them alone; the rest becomes `other`. */
export function cleanListed(
  spellings: readonly Spelling[],
  { missing: configured, threshold, other }: RuleOf<'category'>,
  values: { readonly [word: string]: readonly string[] },
): CleanedColumn {
  const isMissing = missingTest(configured);
  const words = canonicalWords(values, threshold);
  /** Cells that say a word without a guess, by that word. */
  const cellsSaying = new Map<string, number>();
  /** Cells that say none, by what they have. */
  const cellsLike = new Map<string, number>();
  const looks = spellings.map(({ text, count }): Look => {
    const { text: tidied } = tidyText(text);
    const folded = foldWord(tidied);
    const reading = withoutGuess(text, tidied);
    if (reading === undefined) addTo(cellsLike, folded, count);
    else if (reading.outcome === 'read') addTo(cellsSaying, String(reading.value), count);
    return { tidied, folded, count, reading };
  });
  const matches = new Map<string, WordMatch>();
  const readings = looks.map((look) => look.reading ?? guess(look));
  return { readings, decisions: [], matches: [...matches.values()] };

  function withoutGuess(text: string, tidied: string): Reading | undefined {
    const exact = words.exact(tidied);
    // A list may have what elsewhere is a missing value: `NA`, `none`. What is configured goes above it.
    const absent = isMissing(tidied);
    if (absent === 'configured-missing') return missing(absent);
    if (exact !== undefined) return read(exact, exact === text ? [] : ['spelling']);
    if (tidied === other) return { value: other, outcome: 'other', rules: text === other ? [] : ['spelling'] };
    return absent === undefined ? undefined : missing(absent);
  }

  function guess(look: Look): Reading {
    const held = wordInText(look.tidied, words.exact);
    if (held !== undefined) {
      note(look, 'word-in-text', [held], 1);
      return read(held, ['word-in-text']);
    }
    const near = words.near(look.tidied);
    const [word] = near?.words ?? [];
    if (near === undefined || word === undefined) return { value: other, outcome: 'other', rules: ['other'] };
    const rule = near.words.length > 1 ? 'equally-near' : isFrequent(look, word) ? 'too-frequent' : 'fuzzy';
    note(look, rule, near.words, Math.round(near.similarity * 1_000) / 1_000);
    return rule === 'fuzzy' ? read(word, [rule]) : { value: other, outcome: 'other', rules: [rule] };
  }

  function isFrequent({ tidied, folded }: Look, word: string): boolean {
    const like = cellsLike.get(folded) ?? 0;
    const share = FREQUENT_SHARE * (cellsSaying.get(word) ?? 0);
    return like >= FREQUENT_CELLS && like >= share && !LOST_LETTER.test(tidied);
  }

  function note(
    { tidied, count: cells }: Look,
    rule: WordMatch['rule'],
    canonical: readonly string[],
    similarity: number,
  ): void {
    const count = cells + (matches.get(tidied)?.count ?? 0);
    const canonicalCount = canonical.reduce((sum, word) => sum + (cellsSaying.get(word) ?? 0), 0);
    matches.set(tidied, { spelling: tidied, canonical, rule, similarity, count, canonicalCount });
  }
}
