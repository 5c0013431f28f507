import { BadInput } from '../bad-input.js';
import type { Culprit } from '../bad-input.js';
import { MAX_COLUMNS } from './cell-reference.js';
import { shownText } from '../shown-text.js';
import type { TableRead, TableVisitor } from './table-visitor.js';

/** Between a csv's parser and who takes its table in: tells the header from the rows, and holds rows against it. */
export class CsvRows {
  private names: readonly string[] | undefined;
  private wanted: readonly number[] = [];
  private rows = 0;
  private blankRows = 0;
  private cellsWithoutHeader = 0;

  constructor(
    private readonly format: { readonly delimiter: string },
    private readonly visitor: TableVisitor,
    private readonly culprit: Culprit,
  ) {}

  /**
   * `line` is the one that the row ends in. Blank lines are no rows, nor are they the header. `false`: the
   * visitor has seen enough.
   */
  take(cells: readonly string[], line: number): boolean {
    if (cells.length === 1 && cells[0] === '') {
      this.blankRows += this.names === undefined ? 0 : 1;
      return true;
    }
    if (this.names === undefined) {
      this.names = cells.map((cell) => cell.trim());
      this.checkDelimiter(this.names);
      this.checkWidth(this.names);
      this.wanted = this.visitor.header(this.names);
      return true;
    }
    if (cells.length !== this.names.length) {
      throw new BadInput(
        `Expected ${this.names.length} cells, as in the header, got ${cells.length}: the file may be cut off, or a cell ` +
          `with '${this.format.delimiter}' in it has no quotes`,
        { ...this.culprit, row: line, value: shownText(cells.slice(0, 80).join(this.format.delimiter)) },
      );
    }
    if (!this.hasValue(cells)) {
      this.blankRows += 1;
      return true;
    }
    this.rows += 1;
    // A wanted column is one of the header, and so of every row.
    return this.visitor.row(this.wanted.map((column) => cells[column] || null));
  }

  read(): TableRead {
    if (this.names === undefined) {
      throw new BadInput('the file is empty: Expected a header and rows below it', this.culprit);
    }
    const { rows, blankRows, cellsWithoutHeader } = this;
    return { rows, blankRows, cellsWithoutHeader };
  }

  private hasValue(cells: readonly string[]): boolean {
    let found = false;
    for (const [column, cell] of cells.entries()) {
      if (cell === '') continue;
      if (this.names?.[column] === '') this.cellsWithoutHeader += 1;
      else if (!found) found = cell.trim() !== '';
    }
    return found;
  }

  private checkWidth(names: readonly string[]): void {
    if (names.length <= MAX_COLUMNS) return;
    const what = `Expected at most ${MAX_COLUMNS} columns, as many as a sheet has, got ${names.length}`;
    throw new BadInput(what, { ...this.culprit, row: 1 });
  }

  private checkDelimiter(names: readonly string[]): void {
    const { delimiter } = this.format;
    const other = [';', '\t', '|', ','].find((char) => char !== delimiter && names[0]?.includes(char));
    if (names.length > 1 || other === undefined) return;
    throw new BadInput(
      `Expected columns separated by '${delimiter}', got one column '${shownText(names[0] ?? '')}': ` +
        `say \`delimiter: '${other === '\t' ? String.raw`\t` : other}'\``,
      { ...this.culprit, row: 1 },
    );
  }
}
