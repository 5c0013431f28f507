import { PermanentError } from '../../dag/permanent-error.js';
import { readTable } from '../../lake/delta-log.js';
import { openArtifact } from '../../lake/artifact-store.js';
import { parquetFile } from '../../lake/sql.js';
import { defineActivity } from '../define-activity.js';
import type { PartitionFound } from '../sensors/wait-for-partition.js';

/** The stores of a published date, the one that sold most first. */
export const rankStores = defineActivity<{ readonly sold: PartitionFound }, { readonly stores: readonly string[] }>({
  version: 1,
  cache: 'by-content',
  async run({ sold }, context) {
    const { files } = await readTable(context.store, sold.table);
    const file = files.find(({ fecha, tags }) => fecha === sold.fecha && tags['sha256'] === sold.sha256);
    if (file === undefined)
      throw new PermanentError(`${sold.table} of ${sold.fecha} was replaced meanwhile: run again`);
    const artifact = { kind: sold.table, uri: `${sold.table}/${file.path}`, sha256: sold.sha256, bytes: file.bytes };
    const path = await openArtifact(context.store, context.cacheFolder, { ...artifact, rows: file.rows, schema: [] });
    return context.withDuckDb('UTC', async (db) => {
      const rows = await db.rows(`SELECT tienda FROM ${parquetFile(path)} ORDER BY importe DESC, tienda`);
      const stores = rows.map((row) => String(row.tienda));
      return { output: { stores }, note: `${stores[0] ?? 'none'} sold most` };
    });
  },
});
