import { checkMagic } from './file-magic.js';
import { readCsv } from './read-csv.js';
import type { CsvFormat } from './read-csv.js';
import { readXlsx } from './read-xlsx.js';
import type { Reading, TableFile, TableRead, TableVisitor } from './table-visitor.js';

export interface TableFormat extends CsvFormat {
  readonly format: 'csv' | 'xlsx';
  /** Of a workbook; may be left out where one visible sheet alone has rows. */
  readonly sheet?: string | undefined;
}

/** Reads a table row by row, in memory that its number of rows does not change (a workbook's different texts do). */
export async function readTable(
  file: TableFile,
  format: TableFormat,
  visitor: TableVisitor,
  reading: Reading,
): Promise<TableRead> {
  await checkMagic(file, format.format);
  return format.format === 'xlsx'
    ? readXlsx(file, format.sheet, visitor, reading)
    : readCsv(file, format, visitor, reading);
}
