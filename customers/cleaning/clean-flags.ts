import type { RuleOf } from '../column-rule.js';
import { UNREADABLE, missing, read } from './cell.js';
import type { CleanedColumn, Decision, Reading, Spelling } from './cell.js';
import { missingTest } from './missing-marker.js';
import { otherValue } from './other-value.js';
import type { FlagWord } from './other-value.js';
import { foldWord, tidySigns, withoutAccents } from './tidy-text.js';

const YES =
  'true t yes y ye si s sim verdadero verdadeiro v on oui ja vrai wahr vero j positivo activo ativo active activado enabled 1 vip';
const NO =
  'false f no n not nao falso off non nein faux falsch negativo inactivo inativo inactive desactivado disabled 0';
/** Marks of which the absence says no. */
const TICKS = new Set(['x', '✓', '✔', '☑', '✅', '√', '*']);
const CROSSES = new Set(['✗', '✘', '☐', '❌']);

/** `o` is a yes, of *oui*, only beside these: elsewhere it may be a zero. */
const FRENCH_NO = new Set(['n', 'non']);

/**
 * Yes or no. Where a tick is all that a column ever says, an empty cell is a no. Of two words of which one is known the
 * other one says the opposite.
 */
export function cleanFlags(spellings: readonly Spelling[], rule: RuleOf<'flag'>): CleanedColumn {
  const isMissing = missingTest(rule.missing);
  const yes = wordsOf(YES, rule.yes);
  const no = wordsOf(NO, rule.no);
  for (const word of wordsOf('', rule.yes)) no.delete(word);
  for (const word of wordsOf('', rule.no)) yes.delete(word);
  let ticks = 0;
  const words = new Map<string, FlagWord>();
  const looks = spellings.map(({ text, count }) => {
    const { text: tidied } = tidySigns(text);
    const lower = withoutAccents(tidied);
    if (TICKS.has(lower)) {
      ticks += count;
      return read(true, ['spelling']);
    }
    // Of signs alone nothing is left: such a text is itself.
    const word = foldWord(tidied.replace(/^(-?\d+)[.,]0+$/, '$1')) || lower;
    const value = yes.has(word) ? true : no.has(word) || CROSSES.has(lower) ? false : undefined;
    const absent = isMissing(tidied);
    if (absent !== undefined && (value === undefined || absent === 'configured-missing')) return missing(absent);
    words.set(word, { value, count: count + (words.get(word)?.count ?? 0) });
    return { word, value, isTidy: text === String(value) };
  });
  if (words.get('o')?.value === undefined && words.has('o') && [...FRENCH_NO].some((word) => words.has(word))) {
    words.set('o', { value: true, count: words.get('o')?.count ?? 0 });
  }
  const other = ticks === 0 ? otherValue(words) : undefined;
  const readings = looks.map((look): Reading => {
    if (!('word' in look)) return look;
    if (look.word === other?.word) return read(other.value, ['the-other-value']);
    const value = words.get(look.word)?.value;
    return value === undefined ? UNREADABLE : read(value, look.isTidy ? [] : ['spelling']);
  });
  const isTicked = ticks > 0 && words.size === 0;
  const decisions: Decision[] = [];
  if (isTicked) decisions.push({ what: 'empty cells', chosen: 'no', by: 'evidence', evidence: { ticks } });
  if (other !== undefined) {
    const what = `\`${other.word}\`, the only other value than \`${other.known}\``;
    const cells = words.get(other.word)?.count ?? 0;
    decisions.push({ what, chosen: yesOrNo(other.value), by: 'default', evidence: { cells } });
  } else if (ticks === 0) decisions.push(...oneSided([...words.values()]));
  return {
    readings,
    decisions,
    matches: [],
    ...(isTicked ? { empty: read(false, ['empty-as-no']) } : {}),
  };
}

/** Only yes, or only no, was read of a column that says more: whoever counts the others misses them. */
function oneSided(words: readonly FlagWord[]): Decision[] {
  const cellsWith = (value: boolean | undefined): number =>
    words.reduce((sum, word) => (word.value === value ? sum + word.count : sum), 0);
  const [yes, no, unread] = [cellsWith(true), cellsWith(false), cellsWith(undefined)];
  if (unread === 0 || yes + no === 0 || (yes > 0 && no > 0)) return [];
  return [
    { what: 'one side', chosen: yesOrNo(yes > 0), by: 'default', evidence: { read: yes + no, unreadable: unread } },
  ];
}

const yesOrNo = (value: boolean): string => (value ? 'yes' : 'no');

const wordsOf = (known: string, configured: readonly string[]): Set<string> =>
  new Set([...known.split(' ').filter((word) => word !== ''), ...configured.map(foldWord)]);
