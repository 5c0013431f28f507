import { join } from 'node:path';
import { fileSha256 } from '../lake/content-hash.js';
import { PARTITION_COLUMN } from '../lake/delta-schema.js';
import type { TableSchema } from '../lake/delta-schema.js';
import type { DuckDb } from '../lake/duckdb.js';
import { column, text } from '../lake/sql.js';
import type { TaskContext } from './define-activity.js';
import { createHash } from 'node:crypto';

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
  context: TaskContext,
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
      `COPY (SELECT ${columns.join(', ')} FROM read_parquet(${text(parquet)}) ORDER BY ALL) TO ${text(file)} (${options})`,
    );
    const key = `exports/${table.name}/${PARTITION_COLUMN}=${fecha}/${table.name}.${ending}`;
    const unchanged = await holds(context, key, await fileSha256(file));
    if (!unchanged) await context.store.write(key, { path: file });
    copies.push({ key, unchanged });
  }
  return copies;
}

async function holds(context: TaskContext, key: string, sha256: string): Promise<boolean> {
  if ((await context.store.head(key)) === undefined) return false;
  const hash = createHash('sha256');
  for await (const chunk of await context.store.stream(key)) hash.update(chunk as Buffer);
  return hash.digest('hex') === sha256;
}
