/** Who takes in a table while it is read: told its header once, then its rows, one after the other. */
export interface TableVisitor {
  /**
   * The texts of the first row, trimmed, `''` for an empty cell. Answers which columns it wants, by position from 0; throws
   * what is wrong with them.
   */
  header(names: readonly string[]): readonly number[];
  /** A row's texts in the wanted columns, null for an empty cell. `false` ends the reading. */
  row(values: readonly (string | null)[]): boolean;
}

/** What there was beside the rows that the visitor got. */
export interface TableRead {
  readonly rows: number;
  /** Rows without a value in any column that has a header: they are no rows. */
  readonly blankRows: number;
  /** Cells with a value in columns without a header, which nothing can name. */
  readonly cellsWithoutHeader: number;
  /** Of a workbook: the one that was read. */
  readonly sheet?: string;
}

/** A file whose format is known, and where a copy of it is to be read. */
export interface TableFile {
  readonly source: string;
  /** As people know it. */
  readonly name: string;
  readonly path: string;
}

export interface Reading {
  /** Aborted when nobody waits for the rows any more. */
  readonly signal: AbortSignal;
  /** Called as bytes come in, unpacked ones, with how many there were; every part of a workbook counts from 0. */
  progress(bytes: number): void;
}
