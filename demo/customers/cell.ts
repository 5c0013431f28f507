/** What a cell of a generated table holds. */
export type Cell =
  | string
  | number
  | boolean
  | null
  /** A number in a percent format: `{ percent: 0.452 }` is shown as `45.2%`. */
  | { readonly percent: number }
  /** A day, `YYYY-MM-DD`: in a sheet a number in a date format. */
  | { readonly date: string };

/** A cell as it goes into the file, and what was done to its value. */
export interface WrittenCell {
  readonly cell: Cell;
  /** `clean` where the value stands as it is. */
  readonly dirt: Dirt;
}

/**
 * What can be wrong with a cell. All of it can be cleaned by rule but the last: `unclear` may be read wrong, or not at
 * all, and nobody could tell from the file.
 */
export type Dirt =
  | 'clean'
  /** No value, and the cell is empty. */
  | 'empty'
  /** No value, said in words or signs. */
  | 'missing'
  /** A word that is no value: `ver ficha`. */
  | 'unreadable'
  /** "Never", in words. */
  | 'never'
  /** A number that stands for never. */
  | 'sentinel'
  /** The value in another way of writing: with a symbol, a unit, another sign before the decimals. */
  | 'notation'
  /** The value among blanks, non-breaking ones too. */
  | 'blanks'
  /** A word in another case. */
  | 'case'
  /** A word without its accents, or with some it does not have. */
  | 'accents'
  /** Another word for the same. */
  | 'alias'
  /** A word with a slip of the keyboard. */
  | 'typo'
  /** A word of another world, which no list has. */
  | 'unknown'
  /** A value that cannot be: it stays, and is flagged. */
  | 'impossible'
  | 'unclear';
