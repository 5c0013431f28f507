import { join } from 'node:path';
import { PARTITION_COLUMN } from '../lake/delta-schema.js';
import type { TableSchema } from '../lake/delta-schema.js';
import type { DuckDb } from '../lake/duckdb.js';
import { column, parquetFile, text } from '../lake/sql.js';
import { keepKeys, lastSighting } from '../lake/keep-objects.js';
import type { ObjectStore } from '../lake/object-store.js';
import type { TaskContext } from './define-activity.js';

export interface ExportedCopy {
  readonly key: string;
  readonly unchanged: boolean;
}

const FORMATS = [
  { ending: 'csv', options: 'FORMAT csv, HEADER' },
  { ending: 'jsonl', options: 'FORMAT json' },
] as const;

/**
 * Copies of a partition for who reads no Parquet: csv and JSON lines, all columns in the table's order, one row a line.
 * They lie outside the table's folder, and are replaced whole.
 */
export async function exportPartition(
  db: DuckDb,
  context: Pick<TaskContext, 'store' | 'scratch' | 'transferring'>,
  table: TableSchema,
  fecha: string,
  parquet: string,
): Promise<readonly ExportedCopy[]> {
  const columns = table.columns.map(({ name }) =>
    name === PARTITION_COLUMN ? `DATE ${text(fecha)} AS ${name}` : column(name),
  );
  const copies: ExportedCopy[] = [];
  for (const { ending, options } of FORMATS) {
    const file = join(context.scratch, `${table.name}.${ending}`);
    await db.run(
      `COPY (SELECT ${columns.join(', ')} FROM ${parquetFile(parquet)} ORDER BY ALL) TO ${text(file)} (${options})`,
    );
    const key = `exports/${table.name}/${PARTITION_COLUMN}=${fecha}/${table.name}.${ending}`;
    const unchanged = await context.transferring(`exporting ${ending}`, putUnlessThere(context.store, key, file));
    copies.push({ key, unchanged });
  }
  return copies;
}

/** Whether the object held these very bytes; writes them where not. */
async function putUnlessThere(store: ObjectStore, key: string, path: string): Promise<boolean> {
  const sighting = await lastSighting(store);
  const creation = await store.create(key, { path });
  if (creation === 'exists') await store.write(key, { path });
  // The table has the date by now. Copies of a date that it had not may have been condemned before.
  const missing = await keepKeys(store, [key], sighting);
  if (missing.length > 0) await store.write(key, { path });
  return creation === 'same' && missing.length === 0;
}
