import { PermanentError } from '../dag/permanent-error.js';
import { UnsupportedTable } from './delta-commit.js';
import type { TableSnapshot } from './delta-log.js';
import { columnsIn, PARTITION_COLUMN, schemaString } from './delta-schema.js';
import type { TableSchema } from './delta-schema.js';
import type { ObjectStore } from './object-store.js';
import { PROTOCOL } from './partition-commit.js';

/** A table has one schema for all its partitions. */
export class TableSchemaMismatch extends PermanentError {
  override readonly name = 'TableSchemaMismatch';
}

/** Throws where the table in the lake is not one that commits of ours may go to: `table` is how we write it. */
export function checkTable(store: ObjectStore, table: TableSchema, snapshot: TableSnapshot): void {
  if (snapshot.minWriterVersion > PROTOCOL.minWriterVersion) {
    throw new UnsupportedTable(
      `Expected ${table.name} in lake ${store.url} to take commits of Delta writer version ${PROTOCOL.minWriterVersion}, ` +
        `got ${snapshot.minWriterVersion}: another program turned on a table feature that is not written here`,
    );
  }
  if (snapshot.schemaString === undefined) return;
  const ours = JSON.stringify(columnsIn(schemaString(table)));
  const theirs = JSON.stringify(columnsIn(snapshot.schemaString));
  const partitioned = snapshot.partitionColumns.join(', ');
  if (ours === theirs && partitioned === PARTITION_COLUMN) return;
  throw new TableSchemaMismatch(
    `Expected the table ${table.name} in lake ${store.url} to have the columns ${ours}, partitioned by ${PARTITION_COLUMN}, ` +
      `got ${theirs}, partitioned by ${partitioned}. A table keeps one schema: publish to another lake, or move the old table away`,
  );
}
