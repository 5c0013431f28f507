import { stat } from 'node:fs/promises';
import { PermanentError } from '../dag/permanent-error.js';
import { fileSha256 } from './content-hash.js';
import { commitKey, UnsupportedTable } from './delta-commit.js';
import { readTable } from './delta-log.js';
import type { TableFile, TableSnapshot } from './delta-log.js';
import { columnsIn, PARTITION_COLUMN, schemaString } from './delta-schema.js';
import type { TableSchema } from './delta-schema.js';
import type { ObjectStore } from './object-store.js';
import { addAction, commitBody, isOwnFile, PROTOCOL, sameContent } from './partition-commit.js';

export interface Partition {
  readonly table: TableSchema;
  /** `YYYY-MM-DD` */
  readonly fecha: string;
  /** Local Parquet file with the table's columns, less the partition column. */
  readonly file: string;
  readonly rows: number;
  /** What belongs to this content (artifacts, by name): another value is another version. */
  readonly tags: { readonly [tag: string]: string };
  /** Who publishes: shown to whoever loses a race. Does not make a version of its own. */
  readonly run: string;
}

export interface Published {
  readonly table: string;
  readonly fecha: string;
  /** Version of the table that holds this partition. */
  readonly version: number;
  /** Key of the partition's file below the lake's root. */
  readonly path: string;
  readonly rows: number;
  /** The table held this content already: no version was added. */
  readonly unchanged: boolean;
}

/** Two runs published the same date at once with different contents; the other one was first. */
export class PublishConflict extends PermanentError {
  override readonly name = 'PublishConflict';
}

/** A table has one schema for all its partitions. */
export class TableSchemaMismatch extends PermanentError {
  override readonly name = 'TableSchemaMismatch';
}

/** Commits of other dates that may come first before this one gives up and is tried again later. */
const RACES = 100;

/**
 * Makes `file` the one file of its partition, in one commit of the table's Delta log: readers of the log see the old
 * partition or the new one. Publishing the same content again changes nothing. Commits of other dates at the same time
 * all land; of two commits of one date, the first lands and the other is refused, with the name of the winner.
 * What the commit replaces is removed right after it, for readers that glob the folder, and so is what publishers left
 * there that died. One leftover has to wait for the date's next commit: the file of a publisher that died before its
 * commit and after the date's newest one, which nobody can tell from one still at work. The log never names it.
 */
export async function publishPartition(store: ObjectStore, partition: Partition): Promise<Published> {
  const { table, fecha } = partition;
  const content = { sha256: await fileSha256(partition.file), bytes: (await stat(partition.file)).size };
  let snapshot = await readTable(store, table.name);
  checkTable(store, table, snapshot);
  const seen = filesOf(snapshot, fecha);
  const add = addAction(partition, content, seen);
  const key = `${table.name}/${add.path}`;
  // Before the commit: what is there by now and not named by it can never be committed. Whoever put it there saw an
  // older version of this date, and is refused from now on.
  const lying = await pathsIn(store, table.name, fecha);

  for (let race = 0; race < RACES; race += 1) {
    const now = filesOf(snapshot, fecha);
    if (now.length === 1 && sameContent(now[0], add.tags)) {
      if (race > 0 && add.path !== now[0].path) await discard(store, table.name, [add.path]);
      await restore(store, partition, now[0]);
      const { replaced } = snapshot;
      await discard(
        store,
        table.name,
        lying.filter((path) => replaced.has(path)),
      );
      return published(partition, now[0].version, now[0].path, true);
    }
    if (!sameFiles(now, seen)) {
      if (!now.some(({ path }) => path === add.path)) await discard(store, table.name, [add.path]);
      throw new PublishConflict(
        `Expected to be the only one to publish ${table.name} for ${fecha}; ` +
          `${now[0]?.tags.run ?? 'another run'} was first, with version ${now[0]?.version ?? '?'}. ` +
          `Run ${fecha} again if its result should replace that one`,
      );
    }
    if (race === 0 || (await store.head(key))?.bytes !== content.bytes) {
      // The name holds the hash of the content: other bytes under it are a damaged leftover.
      const uploaded = await store.create(key, { path: partition.file });
      if (uploaded === 'exists') await store.write(key, { path: partition.file });
    }
    const version = snapshot.version + 1;
    const commit = commitBody(partition, add, seen, version);
    if ((await store.create(commitKey(table.name, version), commit)) !== 'exists') {
      const { replaced } = snapshot;
      const left = lying.filter((path) => path !== add.path && (isOwnFile(path) || replaced.has(path)));
      await discard(store, table.name, new Set([...left, ...seen.map(({ path }) => path)]));
      return published(partition, version, add.path, false);
    }
    snapshot = await readTable(store, table.name, snapshot);
    checkTable(store, table, snapshot);
  }
  throw new Error(`${table.name} took ${RACES} commits of other dates before ${fecha}: trying again later`);
}

const filesOf = (snapshot: TableSnapshot, fecha: string): readonly TableFile[] =>
  snapshot.files.filter((file) => file.fecha === fecha);

const sameFiles = (a: readonly TableFile[], b: readonly TableFile[]): boolean =>
  a.length === b.length && a.every((file, i) => file.path === b[i]?.path && file.version === b[i]?.version);

function checkTable(store: ObjectStore, table: TableSchema, snapshot: TableSnapshot): void {
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

/** What lies in a partition's folder, relative to the table's. */
async function pathsIn(store: ObjectStore, table: string, fecha: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { key } of store.list(`${table}/${PARTITION_COLUMN}=${fecha}/`)) {
    paths.push(key.slice(table.length + 1));
  }
  return paths;
}

async function discard(store: ObjectStore, table: string, paths: Iterable<string>): Promise<void> {
  for (const path of paths) await store.remove(`${table}/${path}`);
}

/** Puts back a published file that somebody lost: the content at hand is the same. */
async function restore(store: ObjectStore, partition: Partition, file: TableFile): Promise<void> {
  const key = `${partition.table.name}/${file.path}`;
  if ((await store.head(key))?.bytes !== file.bytes) await store.write(key, { path: partition.file });
}

const published = (partition: Partition, version: number, path: string, unchanged: boolean): Published => ({
  table: partition.table.name,
  fecha: partition.fecha,
  version,
  path: `${partition.table.name}/${path}`,
  rows: partition.rows,
  unchanged,
});
