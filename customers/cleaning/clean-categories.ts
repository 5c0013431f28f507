import type { RuleOf } from '../column-rule.js';
import { missing, read } from './cell.js';
import type { CleanedColumn, Reading, Spelling, WordMatch } from './cell.js';
import { canonicalWords } from './match-word.js';
import { missingTest } from './missing-marker.js';
import { foldWord, tidyText } from './tidy-text.js';

/** Words of a list: by their spelling, then by typos near enough to one of them alone; the rest becomes `other`. */
export function cleanCategories(spellings: readonly Spelling[], rule: RuleOf<'category'>): CleanedColumn {
  return rule.values === undefined ? cleanFree(spellings, rule) : cleanListed(spellings, rule, rule.values);
}

function cleanListed(
  spellings: readonly Spelling[],
  { missing: configured, threshold, other }: RuleOf<'category'>,
  values: { readonly [word: string]: readonly string[] },
): CleanedColumn {
  const isMissing = missingTest(configured);
  const words = canonicalWords(values, threshold);
  const matches = new Map<string, WordMatch>();
  const readings = spellings.map(({ text, count }): Reading => {
    const { text: tidied } = tidyText(text);
    const exact = words.exact(tidied);
    // A list may have what elsewhere is a missing value: `NA`, `none`. What is configured goes above it.
    const absent = isMissing(tidied);
    if (absent === 'configured-missing') return missing(absent);
    if (exact !== undefined) return read(exact, exact === text ? [] : ['spelling']);
    if (tidied === other) return { value: other, outcome: 'other', rules: text === other ? [] : ['spelling'] };
    if (absent !== undefined) return missing(absent);
    const near = words.near(tidied);
    const [word, further] = near?.words ?? [];
    if (near !== undefined) {
      const similarity = Math.round(near.similarity * 1_000) / 1_000;
      const before = matches.get(tidied)?.count ?? 0;
      matches.set(tidied, { spelling: tidied, canonical: near.words, similarity, count: before + count });
    }
    if (word !== undefined && further === undefined) return read(word, ['fuzzy']);
    return { value: other, outcome: 'other', rules: [further === undefined ? 'other' : 'equally-near'] };
  });
  return { readings, decisions: [], matches: [...matches.values()] };
}

/** Without a list the column's own words are: of spellings that differ in case, accents or blanks, the most frequent. */
function cleanFree(spellings: readonly Spelling[], { missing: configured, other }: RuleOf<'category'>): CleanedColumn {
  const isMissing = missingTest(configured);
  const groups = new Map<string, Map<string, number>>();
  const looks = spellings.map(({ text, count }) => {
    const { text: tidied } = tidyText(text);
    const absent = tidied === other ? undefined : isMissing(tidied);
    // Of signs alone nothing is left: such a word is itself.
    const folded = foldWord(tidied) || tidied;
    if (absent === undefined) {
      const group = groups.get(folded) ?? new Map<string, number>();
      groups.set(folded, group);
      group.set(tidied, (group.get(tidied) ?? 0) + count);
    }
    return { text, folded, absent };
  });
  const words = new Map([...groups].map(([folded, group]) => [folded, mostFrequent(group)] as const));
  const readings = looks.map(({ text, folded, absent }): Reading => {
    if (absent !== undefined) return missing(absent);
    const word = words.get(folded) ?? folded;
    return read(word, word === text ? [] : ['spelling']);
  });
  return { readings, decisions: [], matches: [] };
}

function mostFrequent(group: ReadonlyMap<string, number>): string {
  let best: readonly [string, number] = ['', 0];
  for (const [word, count] of group) {
    if (count > best[1] || (count === best[1] && word < best[0])) best = [word, count];
  }
  return best[0];
}
