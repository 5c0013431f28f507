import { BadInput } from '../bad-input.js';
import type { Culprit } from '../bad-input.js';
import { MAX_TEXT } from './shared-strings.js';
import { shownText } from '../shown-text.js';
import { cellPlace, MAX_COLUMNS, MAX_ROWS } from './cell-reference.js';
import type { CellPlace } from './cell-reference.js';
import type { Attributes, XmlVisitor } from './read-xml.js';

/** A cell as its sheet has it. */
export interface SheetCell {
  /** Counted from 1. */
  readonly column: number;
  /** `n`, `s`, `str`, `inlineStr`, `b`, `e` or `d`. */
  readonly type: string;
  /** Number of its style; 0 without one. */
  readonly style: number;
  /** As stored: a text of its own, or a number, be it that of a shared text. '' where there is none. */
  readonly value: string;
  readonly formula: boolean;
}

/** Cells that are shown as one. */
export interface MergedCells {
  readonly range: string;
  readonly first: CellPlace;
  readonly last: CellPlace;
}

export interface SheetVisitor {
  /** A row that has cells, those without a value among them. `false` ends the reading. */
  row(row: number, cells: readonly SheetCell[]): boolean;
  /** Told after the last row, as it lies there in the file. */
  merged(cells: MergedCells): void;
}

/**
 * Takes a sheet's XML for its rows. Rows and cells that do not say where they are follow the one before; cells may come in
 * any order. Rows that are out of order, and two cells in one place, are refused: which one counts nobody knows.
 */
export function sheetRows(visitor: SheetVisitor, culprit: Culprit): XmlVisitor {
  const bad = (what: string, row: number): BadInput =>
    new BadInput(`${what}: open the file in a spreadsheet program and save it`, { ...culprit, row });
  /** By column: the last row that has a cell there. */
  const rowOf = new Uint32Array(MAX_COLUMNS + 1);
  let section = '';
  let inner = '';
  let row = 0;
  let column = 0;
  let cells: SheetCell[] = [];
  let cell: { type: string; style: number; value: string; formula: boolean } | undefined;
  let taking = false;
  let ended = false;

  function openRow(attributes: Attributes): void {
    const said = attributes['r'];
    const next = said === undefined ? row + 1 : Number(said);
    if (!(Number.isInteger(next) && next >= 1 && next <= MAX_ROWS)) throw bad(`Expected a row 1 to ${MAX_ROWS}`, next);
    if (next <= row) throw bad(`Expected rows in order, got row ${next} after ${row}`, next);
    [row, column, cells] = [next, 0, []];
  }

  function openCell(attributes: Attributes): void {
    const reference = attributes['r'];
    const place = reference === undefined ? { row, column: column + 1 } : cellPlace(reference);
    if (place?.row !== row || place.column > MAX_COLUMNS) {
      throw bad(`Expected a cell of this row, A${row} to XFD${row}, got '${shownText(reference ?? '')}'`, row);
    }
    column = place.column;
    cell = { type: attributes['t'] ?? 'n', style: Number(attributes['s'] ?? '0'), value: '', formula: false };
  }

  function closeCell(): void {
    if (cell === undefined) return;
    if (rowOf[column] === row) throw bad(`Expected one cell in column ${column}, got two`, row);
    rowOf[column] = row;
    cells.push({ column, ...cell });
    cell = undefined;
  }

  return {
    open(name, attributes, depth) {
      if (depth === 1 && name !== 'worksheet') throw new BadInput(`Expected a sheet of rows, got a ${name}`, culprit);
      if (depth === 2) section = name;
      if (section === 'mergeCells' && depth === 3) return tellMerged(attributes['ref'] ?? '');
      if (section !== 'sheetData') return;
      if (depth === 3 && name === 'row') openRow(attributes);
      else if (depth === 4 && name === 'c') openCell(attributes);
      else if (depth >= 5 && cell !== undefined) {
        if (depth === 5 && name === 'f') cell.formula = true;
        if (depth < 7) inner = depth === 5 ? name : `${inner}/${name}`;
        taking = depth === 5 ? name === 'v' : name === 't' && (inner === 'is/t' || (depth === 7 && inner === 'is/r'));
      }
    },
    text(text) {
      if (!taking || cell === undefined) return;
      cell.value += text;
      if (cell.value.length > MAX_TEXT) throw bad(`Expected cells of at most ${MAX_TEXT} characters`, row);
    },
    close(name, depth) {
      taking = false;
      if (section !== 'sheetData') return;
      if (depth === 6) inner = inner.slice(0, inner.lastIndexOf('/'));
      else if (depth === 4) closeCell();
      else if (depth === 3 && name === 'row' && cells.length > 0) ended ||= !visitor.row(row, cells);
    },
    done: () => ended,
  };

  function tellMerged(range: string): void {
    const [from = '', to = from] = range.split(':');
    const [first, end] = [cellPlace(from), cellPlace(to)];
    if (first === undefined || end === undefined)
      throw bad(`Expected merged cells such as A1:B2, got '${shownText(range)}'`, 1);
    visitor.merged({ range, first, last: end });
  }
}
