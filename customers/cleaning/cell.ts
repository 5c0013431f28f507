/** A text as it stands in a column, how many cells have it, and the first row that does. */
export interface Spelling {
  readonly text: string;
  readonly count: number;
  readonly row: number;
}

/** Dates are ISO texts: `2014-06-16`. */
export type CellValue = string | number | boolean | null;

/**
 * `read`: it says a value (or, of days, "never"). `missing`: it says that there is none. `other`: a word outside of the
 * canonical list. `unreadable`: it says something that does not fit the column's kind, and becomes null.
 */
export type Outcome = 'read' | 'missing' | 'other' | 'unreadable';

/** What a spelling becomes. */
export interface Reading {
  readonly value: CellValue;
  readonly outcome: Outcome;
  /** What was changed, by the names in docs/cleaning.md; none where the text already said just this. */
  readonly rules: readonly string[];
  /** Of days: it never happened. */
  readonly never?: true;
  /** Why the value, which is kept, cannot be right. */
  readonly flag?: string;
}

/** Something that was settled once for a whole column of a file. */
export interface Decision {
  /** `decimal sign`, `percent scale`, `date order`, … */
  readonly what: string;
  readonly chosen: string;
  readonly by: 'configuration' | 'evidence' | 'default';
  /** Cells that speak for one or the other side. */
  readonly evidence: { readonly [side: string]: number };
}

/** A word that was taken for a canonical one, or that is near to one, or to several, and was not. */
export interface WordMatch {
  readonly spelling: string;
  /** What it became; not where it is `equally-near` to several or `too-frequent` for a typo. */
  readonly canonical: readonly string[];
  readonly rule: 'spelling' | 'word-in-text' | 'fuzzy' | 'equally-near' | 'too-frequent';
  /** 0..1 */
  readonly similarity: number;
  readonly count: number;
  /** Cells that have the canonical words without a guess. */
  readonly canonicalCount: number;
}

export interface CleanedColumn {
  /** In the order of the spellings. */
  readonly readings: readonly Reading[];
  readonly decisions: readonly Decision[];
  readonly matches: readonly WordMatch[];
  /** What an empty cell means, where that is not a missing value. */
  readonly empty?: Reading;
}

export const UNCHANGED: readonly string[] = [];

export const read = (value: CellValue, rules: readonly string[] = UNCHANGED): Reading => ({
  value,
  outcome: 'read',
  rules,
});

export const UNREADABLE: Reading = { value: null, outcome: 'unreadable', rules: ['unreadable'] };

export const missing = (rule: string): Reading => ({ value: null, outcome: 'missing', rules: [rule] });

export const column = (readings: readonly Reading[], decisions: readonly Decision[] = []): CleanedColumn => ({
  readings,
  decisions,
  matches: [],
});
