import type { ColumnKind } from '../column-rule.js';
import type { CleanedColumn, Decision, Spelling, WordMatch } from './cell.js';
import { addTo } from './tally.js';

/** What the cleaning did, and what it could not do. Lists are bounded, counts are not. */
export interface CleaningReport {
  readonly source: string;
  readonly fecha: string;
  readonly rows: {
    readonly read: number;
    readonly withoutId: number;
    /** Left out because another row of the same id says the same, and because one was chosen before it. */
    readonly repeatedEqual: number;
    readonly repeatedDifferent: number;
    readonly written: number;
  };
  /** Ids with several rows that differ, those with the most rows first. */
  readonly repeated: readonly { readonly customer_id: string; readonly rows: number; readonly kept: number }[];
  /** Of how many such ids `repeated` has the first. */
  readonly repeatedCount: number;
  readonly columns: { readonly [column: string]: ColumnReport };
  /** What somebody should look at, in words. */
  readonly warnings: readonly string[];
}

export interface ColumnReport {
  readonly kind: ColumnKind;
  /** One for each column of the file that it comes from. */
  readonly from: readonly HeaderReport[];
  /** Rows in which two of them say different things: the first one counted. */
  readonly contradictions: {
    readonly rows: number;
    readonly examples: readonly { readonly row: number; readonly said: readonly (string | null)[] }[];
  };
}

/** Of one column of a file. Cells are `read`, `other`, `missing` or `unreadable`; `empty` ones are among the missing. */
export interface HeaderReport {
  readonly header: string;
  readonly cells: {
    readonly read: number;
    readonly other: number;
    readonly missing: number;
    readonly unreadable: number;
    readonly empty: number;
    /** Cells of which anything was changed. */
    readonly changed: number;
  };
  readonly decisions: readonly Decision[];
  /** Cells by what was changed of them; a cell may be under several. */
  readonly rules: { readonly [rule: string]: number };
  /** Cells with an impossible value, which is kept. */
  readonly impossible: { readonly [rule: string]: number };
  readonly unreadable: readonly Example[];
  /** Of how many different texts `unreadable` has the most frequent. */
  readonly unreadableCount: number;
  readonly others: readonly Example[];
  readonly otherCount: number;
  readonly matches: readonly WordMatch[];
  /** Of how many `matches` are the most frequent. */
  readonly matchCount: number;
}

export interface Example {
  readonly text: string;
  /** The first row that has it, counted from 1. */
  readonly row: number;
  readonly count: number;
}

const EXAMPLES = 200;
const MATCHES = 2_000;
const DECISIONS = 50;
const TEXT_LENGTH = 80;

/** Counts what became of a file's column. `empty` is the number of its empty cells. */
export function headerReport(
  header: string,
  spellings: readonly Spelling[],
  cleaned: CleanedColumn,
  empty: number,
): HeaderReport {
  const emptyOutcome = cleaned.empty?.outcome ?? 'missing';
  const cells = { read: 0, other: 0, missing: 0, unreadable: 0, empty, changed: 0 };
  const rules = new Map<string, number>();
  const impossible = new Map<string, number>();
  cells[emptyOutcome] += empty;
  if (cleaned.empty !== undefined) {
    cells.changed += empty;
    for (const rule of cleaned.empty.rules) addTo(rules, rule, empty);
  }
  for (const [i, reading] of cleaned.readings.entries()) {
    const count = spellings[i]?.count ?? 0;
    cells[reading.outcome] += count;
    if (reading.rules.length > 0) cells.changed += count;
    for (const rule of reading.rules) addTo(rules, rule, count);
    if (reading.flag !== undefined) addTo(impossible, reading.flag, count);
  }
  const textsOf = (outcome: string) => spellings.filter((_, i) => cleaned.readings[i]?.outcome === outcome);
  const examples = (texts: readonly Spelling[]): Example[] =>
    byCount(texts)
      .slice(0, EXAMPLES)
      .map(({ text, row, count }) => ({ text: shortened(text), row, count }));
  const [unreadable, others] = [textsOf('unreadable'), textsOf('other')];
  return {
    header,
    cells,
    decisions: cleaned.decisions.slice(0, DECISIONS),
    rules: sorted(rules),
    impossible: sorted(impossible),
    unreadable: examples(unreadable),
    unreadableCount: unreadable.length,
    others: examples(others),
    otherCount: others.length,
    matches: byCount(cleaned.matches)
      .slice(0, MATCHES)
      .map((match) => ({ ...match, spelling: shortened(match.spelling) })),
    matchCount: cleaned.matches.length,
  };
}

/** The most frequent ones first; which of two equally frequent ones comes first does not depend on their order. */
const byCount = <Counted extends { readonly count: number }>(all: readonly Counted[]): Counted[] =>
  all.toSorted((a, b) => b.count - a.count || compare(nameOf(a), nameOf(b)));

const nameOf = (one: object): string =>
  'text' in one ? String(one.text) : 'spelling' in one ? String(one.spelling) : '';
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const sorted = (counts: ReadonlyMap<string, number>): { readonly [name: string]: number } =>
  Object.fromEntries([...counts].toSorted(([a], [b]) => compare(a, b)));

const shortened = (text: string): string => (text.length > TEXT_LENGTH ? `${text.slice(0, TEXT_LENGTH)}…` : text);
