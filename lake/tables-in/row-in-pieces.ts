import { BadInput } from '../bad-input.js';
import type { Culprit } from '../bad-input.js';
import { MAX_COLUMNS } from './cell-reference.js';
import { shownText } from '../shown-text.js';

/** Bytes of the cells of one row: beyond them a quote has been left open. */
export const MAX_ROW = 4 * 1024 ** 2;

/** Of the end of a piece the parser holds back as much as a line end might need. */
const HELD_BACK = 16;

/**
 * Watches a csv's row that goes on and on: until it ends nobody but the parser sees it, and the parser counts no cell
 * that is empty. Told of every row that has ended, and after every piece of text that was parsed.
 */
export class RowInPieces {
  private row = 1;
  private width: number | undefined;
  private ended = false;
  private length = 0;
  private delimiters = 0;
  private quoted = false;

  constructor(
    private readonly format: { readonly delimiter: string; readonly quote: string },
    private readonly culprit: Culprit,
  ) {}

  end(cells: readonly string[], line: number): void {
    if (cells.length > 1 || cells[0] !== '') this.width ??= cells.length;
    this.row = line + 1;
    this.ended = true;
  }

  parsed(text: string): void {
    const { delimiter, quote } = this.format;
    if (this.ended) {
      // Where in the piece the next row begins is not known: all of it may be that row's.
      [this.ended, this.length, this.delimiters, this.quoted] = [false, 0, 0, text.includes(quote)];
      return;
    }
    this.length += text.length;
    this.quoted ||= text.includes(quote);
    // Without a quote every delimiter ends a cell.
    if (!this.quoted) this.delimiters += text.split(delimiter).length - 1;
    const most = this.width ?? MAX_COLUMNS;
    const isTooWide = this.delimiters >= most + HELD_BACK;
    // Quotes inside of a cell are written twice.
    const isTooLong = this.length > 2 * MAX_ROW + most;
    if (!isTooWide && !isTooLong) return;
    const message = isTooWide ? tooManyCells(this.width, this.delimiters, delimiter) : TOO_LONG;
    throw new BadInput(message, { ...this.culprit, row: this.row, value: shownText(text) });
  }
}

const TOO_LONG = `Expected rows of at most ${MAX_ROW} bytes: the file may be cut off or have no line ends`;

const tooManyCells = (width: number | undefined, cells: number, delimiter: string): string =>
  width === undefined
    ? `Expected at most ${MAX_COLUMNS} columns, as many as a sheet has, got ${cells} or more`
    : `Expected ${width} cells, as in the header, got ${cells} or more: the file may be cut off, or a cell with ` +
      `'${delimiter}' in it has no quotes`;
