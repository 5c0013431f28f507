import type { RuleOf } from '../column-rule.js';
import { UNREADABLE, column, missing, read } from './cell.js';
import type { CleanedColumn, Decision, Reading, Spelling, WordMatch } from './cell.js';
import { missingTest } from './missing-marker.js';
import { addTo } from './tally.js';
import { foldWord, tidySigns } from './tidy-text.js';
import { nearWeekday, settleWeekdays } from './weekday-names.js';
import { wordLikeness } from './word-likeness.js';

/**
 * Days of the week, 1 (Monday) .. 7, by name or number. Where a column has a 0 and no 7, its numbers start with 0 for
 * Monday, as pandas and Python count; where it has both, 0 is the same Sunday as 7.
 */
export function cleanWeekdays(spellings: readonly Spelling[], rule: RuleOf<'weekday'>): CleanedColumn {
  const isMissing = missingTest(rule.missing);
  const looks = spellings.map(({ text, count }) => {
    const { text: tidied, rule: tidying } = tidySigns(text);
    const absent = isMissing(tidied);
    const [, digit] = /^0?([0-7])(?:\.0+)?$/.exec(tidied) ?? [];
    const number = digit === undefined ? undefined : Number(digit);
    return { word: number === undefined ? wordOf(tidied) : '', tidying, absent, number, count };
  });
  const cellsOfNumber = new Map<number, number>();
  const cellsOfWord = new Map<string, number>();
  for (const { word, absent, number, count } of looks) {
    if (absent !== undefined) continue;
    if (number === undefined) addTo(cellsOfWord, word, count);
    else addTo(cellsOfNumber, number, count);
  }
  const words = new Set(cellsOfWord.keys());
  const days = settleWeekdays(words);
  const typos = new Map<string, WordMatch>();
  const [zeros, sevens] = [cellsOfNumber.get(0) ?? 0, cellsOfNumber.get(7) ?? 0];
  const isFromZero = zeros > 0 && sevens === 0;
  const readings = looks.map(({ word, tidying, absent, number }): Reading => {
    if (absent !== undefined) return missing(absent);
    const rules = tidying === undefined ? [] : [tidying];
    if (number === undefined) {
      const [day, other] = days.get(word) ?? [];
      if (day === undefined) {
        const near = nearWeekday(word, words);
        if (near === undefined) return UNREADABLE;
        typos.set(word, typo(word, near.name, cellsOfWord));
        return read(near.day, [...rules, 'fuzzy']);
      }
      if (other !== undefined) return { ...UNREADABLE, rules: ['undecided-weekday'] };
      return read(day, [...rules, 'weekday-name']);
    }
    if (isFromZero) return read(number + 1, [...rules, 'counted-from-zero']);
    return number === 0 ? read(7, [...rules, 'counted-from-zero']) : read(number, rules);
  });
  const decision: Decision = {
    what: 'weekday numbers',
    chosen: isFromZero ? '0 is Monday' : '0 and 7 are Sunday',
    by: isFromZero ? 'default' : 'evidence',
    evidence: { zeros, sevens },
  };
  const doubtful = [...days].flatMap(([word, { size }]) =>
    size > 1 ? [undecided(word, cellsOfWord.get(word) ?? 0)] : [],
  );
  return { ...column(readings, [...(zeros > 0 ? [decision] : []), ...doubtful]), matches: [...typos.values()] };
}

/** `Sáb.` is sab, `segunda-feira` is segunda, `2ª feira` is 2a, `1 - Lunes` is lunes. */
const wordOf = (tidied: string): string =>
  foldWord(tidied)
    .replace(/^([2-6]) ?a?(?= feira$)|^([2-6]) a$/, '$1$2a')
    .replace(/ ?feira$/, '')
    .replace(/^\d{1,2} (?=\p{L}{2})|(?<=\p{L}{2}) \d{1,2}$/u, '');

function typo(word: string, name: string, cells: ReadonlyMap<string, number>): WordMatch {
  return {
    spelling: word,
    canonical: [name],
    rule: 'fuzzy',
    similarity: wordLikeness(word, name),
    count: cells.get(word) ?? 0,
    canonicalCount: cells.get(name) ?? 0,
  };
}

function undecided(word: string, cells: number): Decision {
  return { what: `which weekday '${word}' is`, chosen: 'undecided', by: 'evidence', evidence: { cells } };
}
