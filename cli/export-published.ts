import { join } from 'node:path';
import { exportPartition } from '../activities/export-partition.js';
import type { ExportedCopy } from '../activities/export-partition.js';
import { withScratch } from '../activities/scratch-folder.js';
import type { Config } from '../config/load-config.js';
import type { TableSchema } from '../lake/delta-schema.js';
import type { ObjectStore } from '../lake/object-store.js';
import { openPublished, publishedFile, withDuckDb } from './read-published.js';

/** Writes the copies of a partition in other formats, of what the table's log names now; leaves those that agree. */
export async function exportPublished(
  config: Config,
  store: ObjectStore,
  table: TableSchema,
  fecha: string,
): Promise<readonly ExportedCopy[]> {
  const parquet = await openPublished(config, store, table, await publishedFile(store, table.name, fecha));
  return withScratch(join(config.home, 'cache'), 'export', async (scratch) =>
    withDuckDb(config, async (db) => {
      const context = { store, scratch, transferring: async <T>(_: string, work: Promise<T>): Promise<T> => work };
      return exportPartition(db, context, table, fecha, parquet);
    }),
  );
}
