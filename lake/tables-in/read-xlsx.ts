import { BadInput } from '../bad-input.js';
import type { Culprit } from '../bad-input.js';
import { columnLetters } from './cell-reference.js';
import { cellText } from './cell-text.js';
import type { CellMeaning } from './cell-text.js';
import { openSheet } from './open-sheet.js';
import type { MergedCells, SheetCell, SheetVisitor } from './sheet-rows.js';
import type { Reading, TableFile, TableRead, TableVisitor } from './table-visitor.js';

/**
 * Reads one sheet of a workbook, a row at a time: its first row is the header. Of what is not asked for nothing is turned
 * into text, so a broken formula there is nobody's trouble. Hidden rows and rows that a filter hides count like others.
 */
export async function readXlsx(
  file: TableFile,
  sheetName: string | undefined,
  visitor: TableVisitor,
  reading: Reading,
): Promise<TableRead> {
  return openSheet(file, sheetName, reading, async (sheet) => {
    const rows = new TableRows(visitor, sheet.meaning, sheet.place);
    await sheet.visit(rows);
    return { ...rows.read(), sheet: sheet.name };
  });
}

/** Of all cells together, so that a text which a million cells share fills no disk. */
const MAX_TEXT = 4 * 1024 ** 3;

class TableRows implements SheetVisitor {
  private names: readonly string[] | undefined;
  /** By column from 0: where its text goes in a row of the visitor's, or -1. */
  private slots = new Int32Array();
  private wanted: readonly number[] = [];
  private rows = 0;
  private lastRow = 1;
  private cellsWithoutHeader = 0;
  private text = 0;

  constructor(
    private readonly visitor: TableVisitor,
    private readonly meaning: CellMeaning,
    private readonly place: Culprit,
  ) {}

  row(row: number, cells: readonly SheetCell[]): boolean {
    if (row === 1) {
      this.header(cells);
      return true;
    }
    if (this.names === undefined) {
      if (cells.every(({ value }) => value === '')) return true;
      throw new BadInput(`Expected the header in row 1, got the first value in row ${row}: delete the rows above it`, {
        ...this.place,
        row: 1,
      });
    }
    const values = Array.from<string | null>({ length: this.wanted.length }).fill(null);
    let hasValue = false;
    for (const cell of cells) {
      if (cell.value === '' && !cell.formula) continue;
      if ((this.names[cell.column - 1] ?? '') === '') {
        this.cellsWithoutHeader += 1;
        continue;
      }
      const slot = this.slots[cell.column - 1] ?? -1;
      if (slot >= 0) values[slot] = this.textOf(cell, row);
      hasValue ||= slot < 0 || (values[slot] ?? '').trim() !== '';
    }
    if (!hasValue) return true;
    // Rows without a single cell need not be in the file; those between rows with values are blank all the same.
    this.lastRow = row;
    this.rows += 1;
    return this.visitor.row(values);
  }

  merged({ range, first, last }: MergedCells): void {
    if (last.row === 1) return;
    const lost = this.wanted.find((wanted) => {
      const column = wanted + 1;
      const isOnlyFirst = column === first.column && last.row === first.row;
      return column >= first.column && column <= last.column && !isOnlyFirst;
    });
    if (lost === undefined) return;
    throw new BadInput(
      `Expected a value for every row, got the merged cells ${range}, of which the first one alone has one: ` +
        'unmerge and fill them',
      { ...this.place, row: first.row, column: this.names?.[lost] ?? '' },
    );
  }

  read(): TableRead {
    if (this.names === undefined) {
      throw new BadInput('the sheet is empty: Expected a header in row 1 and rows below it', this.place);
    }
    const { rows, cellsWithoutHeader } = this;
    return { rows, blankRows: this.lastRow - 1 - rows, cellsWithoutHeader };
  }

  private header(cells: readonly SheetCell[]): void {
    const width = cells.reduce((most, { column }) => Math.max(most, column), 0);
    const names = Array.from<string>({ length: width }).fill('');
    for (const cell of cells) names[cell.column - 1] = this.textOf(cell, 1)?.trim() ?? '';
    this.names = names;
    this.wanted = this.visitor.header(names);
    this.slots = new Int32Array(names.length).fill(-1);
    for (const [slot, column] of this.wanted.entries()) this.slots[column] = slot;
  }

  private textOf(cell: SheetCell, row: number): string | null {
    const { column } = cell;
    const named = this.names === undefined ? {} : { column: this.names[column - 1] ?? '' };
    const bad = (what: string, cause?: unknown): BadInput =>
      new BadInput(what, { ...this.place, row, ...named, value: `${columnLetters(column)}${row}` }, { cause });
    try {
      const text = cellText(cell, this.meaning);
      this.text += text?.length ?? 0;
      if (this.text > MAX_TEXT) throw bad(`Expected at most ${MAX_TEXT} characters in all: save the sheet as csv`);
      return text;
    } catch (error) {
      if (error instanceof RangeError) throw bad(error.message, error);
      throw error;
    }
  }
}
