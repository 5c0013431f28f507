import { ID_COLUMN } from '../customer-source.js';

/** A file of ids that cannot be read as one. The message says where it is wrong, but for the file. */
export class BadIds extends RangeError {
  override readonly name = 'BadIds';
}

const SEPARATORS = [',', ';', '\t'] as const;

/**
 * The ids of a text: one a line, or the column `customer_id` of a csv text (with commas, semicolons or tabs, by its
 * header). Ids stay as they are written but for blanks and quotes around them, so leading zeros count; one that comes
 * twice is given once, in the order they first come in. Empty lines do not count.
 *
 * Throws `BadIds` with line and value: for a table without that column, a line with more or fewer cells than the header,
 * a line of a table without an id, and more than one id in a line where there is no header.
 */
export function readIds(text: string): readonly string[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ line, number: i + 1 }))
    .filter(({ line }) => line.trim() !== '');
  const [first, ...rest] = lines;
  if (first === undefined) throw new BadIds('Expected ids, one a line, got an empty file');
  const separator = SEPARATORS.find((candidate) => first.line.includes(candidate));
  const header = cellsOf(first, separator).map((cell) => cell.toLowerCase());
  const at = header.indexOf(ID_COLUMN);
  if (at < 0 && separator !== undefined) {
    throw new BadIds(
      `line ${first.number}: Expected a header with the column ${ID_COLUMN}, or one id a line, got '${first.line}'`,
    );
  }
  const table = at < 0 ? lines : rest;
  const ids = table.map(({ line, number }) => {
    const cells = cellsOf({ line, number }, separator);
    if (cells.length !== header.length) {
      throw new BadIds(
        `line ${number}: Expected ${header.length} cells, as in the header, got ${cells.length}: '${line}'`,
      );
    }
    const id = cells[Math.max(at, 0)] ?? '';
    if (id === '') throw new BadIds(`line ${number}: Expected an id in the column ${ID_COLUMN}, got none: '${line}'`);
    if (separator === undefined && SEPARATORS.some((other) => id.includes(other))) {
      throw new BadIds(
        `line ${number}: Expected one id a line, got '${line}'; of a table, name the column ${ID_COLUMN}`,
      );
    }
    return id;
  });
  if (ids.length === 0) throw new BadIds('Expected ids below the header, got none');
  return [...new Set(ids)];
}

/** A cell in quotes may hold the separator, and a quote written twice. */
const CELL = /\s*"((?:[^"]|"")*)"\s*$/;

function cellsOf({ line, number }: { line: string; number: number }, separator: string | undefined): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const sign of line) {
    if (sign === '"') quoted = !quoted;
    if (sign === separator && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += sign;
  }
  if (quoted) throw new BadIds(`line ${number}: Expected quotes in pairs, got '${line}'`);
  return [...cells, cell].map((text) => (CELL.exec(text)?.[1]?.replaceAll('""', '"') ?? text).trim());
}
