import type { RuleOf } from '../column-rule.js';
import { missing, read } from './cell.js';
import type { CleanedColumn, Reading, Spelling, WordMatch } from './cell.js';
import { cleanListed } from './listed-categories.js';
import { missingTest } from './missing-marker.js';
import { addTo } from './tally.js';
import { foldWord, tidyText } from './tidy-text.js';

/** Words of a list, or of the column itself. */
export function cleanCategories(spellings: readonly Spelling[], rule: RuleOf<'category'>): CleanedColumn {
  return rule.values === undefined ? cleanFree(spellings, rule) : cleanListed(spellings, rule, rule.values);
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
      addTo(group, tidied, count);
    }
    return { text, folded, absent };
  });
  const words = new Map([...groups].map(([folded, group]) => [folded, mostFrequent(group)] as const));
  const readings = looks.map(({ text, folded, absent }): Reading => {
    if (absent !== undefined) return missing(absent);
    const word = words.get(folded) ?? folded;
    return read(word, word === text ? [] : ['spelling']);
  });
  return { readings, decisions: [], matches: [...groups.values()].flatMap(mergedInto) };
}

/** The spellings of a group that became its most frequent one. */
function mergedInto(group: ReadonlyMap<string, number>): WordMatch[] {
  const word = mostFrequent(group);
  const canonicalCount = group.get(word) ?? 0;
  return [...group]
    .filter(([spelling]) => spelling !== word)
    .map(([spelling, count]) => ({
      spelling,
      canonical: [word],
      rule: 'spelling',
      similarity: 1,
      count,
      canonicalCount,
    }));
}

function mostFrequent(group: ReadonlyMap<string, number>): string {
  let best: readonly [string, number] = ['', 0];
  for (const [word, count] of group) {
    if (count > best[1] || (count === best[1] && word < best[0])) best = [word, count];
  }
  return best[0];
}
