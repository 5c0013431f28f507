/** The size of a sheet: columns A to XFD. */
export const MAX_COLUMNS = 16_384;
export const MAX_ROWS = 1_048_576;

/** Counted from 1. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** Reads `C5`. Undefined for what is no cell of a sheet. */
export function cellPlace(reference: string): CellPlace | undefined {
  let [at, column, row] = [0, 0, 0];
  for (; at < reference.length; at += 1) {
    const letter = reference.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
    if (column > MAX_COLUMNS) return undefined;
  }
  for (; at < reference.length; at += 1) {
    const digit = reference.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    row = row * 10 + digit;
    if (row > MAX_ROWS) return undefined;
  }
  return row === 0 || column === 0 ? undefined : { row, column };
}

/** The letters of a column, counted from 1: 28 is `AB`. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}
