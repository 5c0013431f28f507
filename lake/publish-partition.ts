import { createHash, randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { PermanentError } from '../dag/permanent-error.js';
import { fileSha256 } from './content-hash.js';
import { commitKey, readTable } from './delta-log.js';
import type { TableFile, TableSnapshot } from './delta-log.js';
import { PARTITION_COLUMN, schemaString } from './delta-schema.js';
import type { TableSchema } from './delta-schema.js';
import type { ObjectStore } from './object-store.js';

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
 * The file that was replaced is removed after the commit, for readers that glob the folder.
 */
export async function publishPartition(store: ObjectStore, partition: Partition): Promise<Published> {
  const { table, fecha } = partition;
  const content = { sha256: await fileSha256(partition.file), bytes: (await stat(partition.file)).size };
  let snapshot = await readTable(store, table.name);
  const seen = filesOf(snapshot, fecha);
  const add = addAction(partition, content, seen);

  for (let race = 0; race < RACES; race += 1) {
    checkSchema(store, table, snapshot);
    const now = filesOf(snapshot, fecha);
    if (now.length === 1 && sameContent(now[0], add.tags)) {
      await removeReplaced(store, table.name, fecha, snapshot);
      return published(partition, now[0].version, now[0].path, true);
    }
    if (!sameFiles(now, seen)) {
      await discard(store, table.name, add.path, snapshot);
      throw new PublishConflict(
        `Expected to be the only one to publish ${table.name} for ${fecha}; ` +
          `${now[0]?.tags.run ?? 'another run'} was first, with version ${now[0]?.version ?? '?'}. ` +
          `Run ${fecha} again if its result should replace that one`,
      );
    }
    const uploaded = await store.create(`${table.name}/${add.path}`, { path: partition.file });
    // The name holds the hash of the content: other bytes under it are a damaged leftover.
    if (uploaded === 'exists') await store.write(`${table.name}/${add.path}`, { path: partition.file });
    const version = snapshot.version + 1;
    const commit = commitBody(partition, add, seen, version);
    if ((await store.create(commitKey(table.name, version), commit)) !== 'exists') {
      await removeReplaced(store, table.name, fecha, await readTable(store, table.name));
      return published(partition, version, add.path, false);
    }
    snapshot = await readTable(store, table.name);
  }
  throw new Error(`${table.name} took ${RACES} commits of other dates before ${fecha}: trying again later`);
}

const filesOf = (snapshot: TableSnapshot, fecha: string): readonly TableFile[] =>
  snapshot.files.filter((file) => file.fecha === fecha);

const sameFiles = (a: readonly TableFile[], b: readonly TableFile[]): boolean =>
  a.length === b.length && a.every((file, i) => file.path === b[i]?.path && file.version === b[i]?.version);

type AddAction = ReturnType<typeof addAction>;

/**
 * The file's name comes from its content and from the file it replaces. So a publish that died is taken up under the
 * same name, while a content that comes back later gets a new one: the removal of its first file cannot hit it.
 */
function addAction(partition: Partition, content: { sha256: string; bytes: number }, replaces: readonly TableFile[]) {
  const lineage = createHash('sha256').update(
    JSON.stringify([content.sha256, partition.tags, replaces.map((file) => [file.path, file.version])]),
  );
  return {
    path: `${PARTITION_COLUMN}=${partition.fecha}/part-${lineage.digest('hex').slice(0, 32)}.parquet`,
    partitionValues: { [PARTITION_COLUMN]: partition.fecha },
    size: content.bytes,
    modificationTime: Date.now(),
    dataChange: true,
    stats: JSON.stringify({ numRecords: partition.rows }),
    tags: { ...partition.tags, sha256: content.sha256, run: partition.run },
  };
}

/** The run that published is a fact about the commit, not about the content. */
function sameContent(file: TableFile | undefined, tags: AddAction['tags']): file is TableFile {
  const comparable = (of: { readonly [tag: string]: string }): string =>
    JSON.stringify(
      Object.entries(of)
        .filter(([tag]) => tag !== 'run')
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  return file !== undefined && comparable(file.tags) === comparable(tags);
}

/** `txnId` makes every commit's bytes its own: a retry that finds them in the log knows that it was the one. */
function commitBody(partition: Partition, add: AddAction, replaces: readonly TableFile[], version: number): string {
  const timestamp = Date.now();
  const actions: object[] = [
    {
      commitInfo: {
        timestamp,
        operation: 'WRITE',
        operationParameters: { mode: 'Overwrite', partitionBy: `["${PARTITION_COLUMN}"]` },
        engineInfo: 'segmenta',
        txnId: randomUUID(),
        run: partition.run,
      },
    },
  ];
  if (version === 0) {
    actions.push({ protocol: { minReaderVersion: 1, minWriterVersion: 2 } }, { metaData: metaData(partition.table) });
  }
  for (const { path, bytes, fecha } of replaces) {
    const partitionValues = { [PARTITION_COLUMN]: fecha };
    const remove = { path, deletionTimestamp: timestamp, dataChange: true, extendedFileMetadata: true };
    actions.push({ remove: { ...remove, partitionValues, size: bytes } });
  }
  actions.push({ add });
  return actions.map((action) => `${JSON.stringify(action)}\n`).join('');
}

const metaData = (table: TableSchema): object => ({
  id: randomUUID(),
  name: table.name,
  description: table.description,
  format: { provider: 'parquet', options: {} },
  schemaString: schemaString(table),
  partitionColumns: [PARTITION_COLUMN],
  configuration: {},
  createdTime: Date.now(),
});

function checkSchema(store: ObjectStore, table: TableSchema, snapshot: TableSnapshot): void {
  if (snapshot.schemaString === undefined || snapshot.schemaString === schemaString(table)) return;
  throw new TableSchemaMismatch(
    `Expected the table ${table.name} in ${store.url} to have the schema ${schemaString(table)}, ` +
      `got ${snapshot.schemaString}. A table keeps one schema: publish to another lake, or move the old table away`,
  );
}

/** Also takes up what a publisher that died after its commit left behind. */
async function removeReplaced(store: ObjectStore, table: string, fecha: string, snapshot: TableSnapshot) {
  for await (const object of store.list(`${table}/${PARTITION_COLUMN}=${fecha}/`)) {
    if (snapshot.replaced.has(object.key.slice(table.length + 1))) await store.remove(object.key);
  }
}

/** The loser of a race takes its file away, unless the log names it. */
async function discard(store: ObjectStore, table: string, path: string, snapshot: TableSnapshot): Promise<void> {
  if (!snapshot.files.some((file) => file.path === path)) await store.remove(`${table}/${path}`);
}

const published = (partition: Partition, version: number, path: string, unchanged: boolean): Published => ({
  table: partition.table.name,
  fecha: partition.fecha,
  version,
  path: `${partition.table.name}/${path}`,
  rows: partition.rows,
  unchanged,
});
