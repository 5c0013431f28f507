import type { RuleOf } from '../column-rule.js';
import { UNREADABLE, missing, read } from './cell.js';
import type { CleanedColumn, Reading, Spelling } from './cell.js';
import { missingTest } from './missing-marker.js';
import { foldWord, tidySigns, withoutAccents } from './tidy-text.js';

const YES = 'true t yes y ye si s sim verdadero verdadeiro v on oui ja vrai wahr positivo activo ativo active 1 vip';
const NO = 'false f no n not nao falso off non nein faux falsch negativo inactivo inativo inactive 0';
/** Marks of which the absence says no. */
const TICKS = new Set(['x', '✓', '✔', '☑', '✅', '√', '*']);
const CROSSES = new Set(['✗', '✘', '☐', '❌']);

/** Yes or no. Where a tick is all that a column ever says, an empty cell is a no. */
export function cleanFlags(spellings: readonly Spelling[], rule: RuleOf<'flag'>): CleanedColumn {
  const isMissing = missingTest(rule.missing);
  const yes = wordsOf(YES, rule.yes);
  const no = wordsOf(NO, rule.no);
  for (const word of wordsOf('', rule.yes)) no.delete(word);
  for (const word of wordsOf('', rule.no)) yes.delete(word);
  let ticks = 0;
  let others = 0;
  const readings = spellings.map(({ text, count }): Reading => {
    const { text: tidied } = tidySigns(text);
    const lower = withoutAccents(tidied);
    if (TICKS.has(lower)) {
      ticks += count;
      return read(true, ['spelling']);
    }
    const folded = foldWord(tidied.replace(/^(\d+)[.,]0+$/, '$1'));
    const value = yes.has(folded) ? true : no.has(folded) || CROSSES.has(lower) ? false : undefined;
    const absent = isMissing(tidied);
    if (value === undefined || absent === 'configured-missing')
      return absent === undefined ? unread(count) : missing(absent);
    others += count;
    return read(value, text === String(value) ? [] : ['spelling']);
  });
  const isTicked = ticks > 0 && others === 0;
  const decision = { what: 'empty cells', chosen: 'no', by: 'evidence', evidence: { ticks } } as const;
  return {
    readings,
    decisions: isTicked ? [decision] : [],
    matches: [],
    ...(isTicked ? { empty: read(false, ['empty-as-no']) } : {}),
  };

  function unread(count: number): Reading {
    others += count;
    return UNREADABLE;
  }
}

const wordsOf = (known: string, configured: readonly string[]): Set<string> =>
  new Set([...known.split(' ').filter((word) => word !== ''), ...configured.map(foldWord)]);
