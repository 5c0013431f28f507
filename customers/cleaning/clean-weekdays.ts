import type { RuleOf } from '../column-rule.js';
import { UNREADABLE, column, missing, read } from './cell.js';
import type { CleanedColumn, Decision, Reading, Spelling, WordMatch } from './cell.js';
import { missingTest } from './missing-marker.js';
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
  const named = looks.filter(({ absent, number }) => absent === undefined && number === undefined);
  const words = new Set(named.map(({ word }) => word));
  const days = settleWeekdays(words);
  const typos = new Map<string, WordMatch>();
  const cells = (day: number): number =>
    looks.reduce((sum, { number, absent, count }) => sum + (absent === undefined && number === day ? count : 0), 0);
  const [zeros, sevens] = [cells(0), cells(7)];
  const isFromZero = zeros > 0 && sevens === 0;
  const readings = looks.map(({ word, tidying, absent, number }): Reading => {
    if (absent !== undefined) return missing(absent);
    const rules = tidying === undefined ? [] : [tidying];
    if (number === undefined) {
      const [day, other] = days.get(word) ?? [];
      if (day === undefined) {
        const near = nearWeekday(word, words);
        if (near === undefined) return UNREADABLE;
        typos.set(word, typo(word, near.name, named));
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
  const doubtful = [...days].flatMap(([word, { size }]) => {
    const count = named.reduce((sum, look) => sum + (look.word === word ? look.count : 0), 0);
    return size > 1 ? [undecided(word, count)] : [];
  });
  return { ...column(readings, [...(zeros > 0 ? [decision] : []), ...doubtful]), matches: [...typos.values()] };
}

/** `Sáb.` is sab, `segunda-feira` is segunda, `2ª feira` is 2a, `1 - Lunes` is lunes. */
const wordOf = (tidied: string): string =>
  foldWord(tidied)
    .replace(/^([2-6]) ?a?(?= feira$)|^([2-6]) a$/, '$1$2a')
    .replace(/ ?feira$/, '')
    .replace(/^\d{1,2} (?=\p{L}{2})|(?<=\p{L}{2}) \d{1,2}$/u, '');

type Named = readonly { readonly word: string; readonly count: number }[];

function typo(word: string, name: string, named: Named): WordMatch {
  const cells = (of: string): number => named.reduce((sum, look) => sum + (look.word === of ? look.count : 0), 0);
  const similarity = wordLikeness(word, name);
  return {
    spelling: word,
    canonical: [name],
    rule: 'fuzzy',
    similarity,
    count: cells(word),
    canonicalCount: cells(name),
  };
}

function undecided(word: string, cells: number): Decision {
  return { what: `which weekday '${word}' is`, chosen: 'undecided', by: 'evidence', evidence: { cells } };
}
