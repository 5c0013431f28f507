import { cellText } from './cell-text.js';
import { openSheet } from './open-sheet.js';
import { eachCsvRecord } from './read-csv.js';
import type { TableFormat } from './read-table.js';
import type { Reading, TableFile } from './table-visitor.js';

/** A row with a value: where it is, counted from 1, and all its texts, trimmed, `''` for an empty cell. */
export interface FirstRow {
  readonly row: number;
  readonly texts: readonly string[];
}

/**
 * The first rows of a table, the header among them, as far as they can be read: what is there when something is amiss.
 * Nothing is held against anything.
 */
export async function firstRows(
  file: TableFile,
  format: TableFormat,
  count: number,
  reading: Reading,
): Promise<readonly FirstRow[]> {
  const rows: FirstRow[] = [];
  const take = (row: number, texts: readonly string[]): boolean => {
    if (texts.some((text) => text !== '')) rows.push({ row, texts });
    return rows.length < count;
  };
  if (format.format === 'csv') {
    const trimmed = (cells: readonly string[]): readonly string[] => cells.map((cell) => cell.trim());
    await eachCsvRecord(file, format, (cells, line) => take(line, trimmed(cells)), reading);
    return rows;
  }
  await openSheet(file, format.sheet, reading, ({ meaning, visit }) =>
    visit({
      row: (row, cells) => {
        const texts: string[] = [];
        for (const cell of cells) {
          // Without its stored value a formula has no text; here nobody minds.
          const text = cell.value === '' ? '' : (cellText(cell, meaning) ?? '').trim();
          while (texts.length < cell.column - 1) texts.push('');
          texts[cell.column - 1] = text;
        }
        return take(row, texts);
      },
      merged: () => undefined,
    }),
  );
  return rows;
}
