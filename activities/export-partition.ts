import { join } from 'node:path';
import { fileColumns, PARTITION_COLUMN } from '../lake/delta-schema.js';
import type { TableSchema } from '../lake/delta-schema.js';
import type { DuckDb } from '../lake/duckdb.js';
import { column, parquetFile, text } from '../lake/sql.js';
import type { TaskContext } from './define-activity.js';
import { putUnlessThere } from './put-unless-there.js';
import { spreadsheetSafe } from './spreadsheet-safe.js';

export interface ExportedCopy {
  readonly key: string;
  readonly unchanged: boolean;
}

interface Format {
  readonly ending: string;
  readonly options: string;
  /** How a text of the table stands in the copy. */
  written(sql: string): string;
}

const FORMATS: readonly Format[] = [
  { ending: 'csv', options: 'FORMAT csv, HEADER', written: spreadsheetSafe },
  { ending: 'jsonl', options: 'FORMAT json', written: (sql) => sql },
];

/**
 * Copies of a partition for who reads no Parquet: csv and JSON lines, all columns in the table's order, one row a line.
 * They lie outside the table's folder, and are replaced whole. JSON lines are exact; in csv, which people open in
 * spreadsheets, texts that would act there carry an apostrophe (`spreadsheetSafe`).
 */
export async function exportPartition(
  db: DuckDb,
  context: Pick<TaskContext, 'store' | 'scratch' | 'transferring'>,
  table: TableSchema,
  fecha: string,
  parquet: string,
): Promise<readonly ExportedCopy[]> {
  const order = fileColumns(table).map(({ name }) => `p.${column(name)}`);
  const copies: ExportedCopy[] = [];
  for (const { ending, options, written } of FORMATS) {
    const columns = table.columns.map(({ name, type }) => {
      if (name === PARTITION_COLUMN) return `DATE ${text(fecha)} AS ${name}`;
      const value = `p.${column(name)}`;
      return `${type === 'string' ? written(value) : value} AS ${column(name)}`;
    });
    const file = join(context.scratch, `${table.name}.${ending}`);
    await db.run(
      `COPY (SELECT ${columns.join(', ')} FROM ${parquetFile(parquet)} p ORDER BY ${order.join(', ')})
        TO ${text(file)} (${options})`,
    );
    const key = `exports/${table.name}/${PARTITION_COLUMN}=${fecha}/${table.name}.${ending}`;
    const unchanged = await context.transferring(`exporting ${ending}`, putUnlessThere(context.store, key, file));
    copies.push({ key, unchanged });
  }
  return copies;
}
