import { readCommit, UnsupportedTable } from './delta-commit.js';
import type { AddedFile, CommitAction } from './delta-commit.js';
import { PARTITION_COLUMN } from './delta-schema.js';
import type { ObjectStore } from './object-store.js';
import { ObjectNotFound } from './store-errors.js';

/** A file that makes up one partition of a table. */
export interface TableFile {
  /** Relative to the table's folder: `fecha_modelo=2017-07-03/part-….parquet`. */
  readonly path: string;
  /** The partition's date, `YYYY-MM-DD`. */
  readonly fecha: string;
  readonly bytes: number;
  /** 0 where the commit does not say. */
  readonly rows: number;
  /** Version of the commit that put it there. */
  readonly version: number;
  /** What the commit says of it: the content's hash, the run, artifacts that belong to it. */
  readonly tags: { readonly [tag: string]: string };
}

/** A table as its log says it is at one version. */
export interface TableSnapshot {
  /** Version of the newest commit; -1 where the table does not exist yet. */
  readonly version: number;
  readonly schemaString: string | undefined;
  readonly partitionColumns: readonly string[];
  /** What the table asks of who commits to it, in Delta's writer versions. */
  readonly minWriterVersion: number;
  /** Files that readers must read, by partition, in order of the partition's date. */
  readonly files: readonly TableFile[];
  /** Paths that a commit replaced and no later one brought back: no reader of the log opens them. */
  readonly replaced: ReadonlySet<string>;
}

const NO_TABLE: TableSnapshot = {
  version: -1,
  schemaString: undefined,
  partitionColumns: [],
  minWriterVersion: 0,
  files: [],
  replaced: new Set(),
};

/** Commits read at once: on S3 each is a request. */
const READ_AHEAD = 16;

/** One version of a table: what its commit says. */
export interface Commit {
  readonly version: number;
  readonly actions: readonly CommitAction[];
}

/**
 * Reads a table's log from its first commit, or from where `known`, an earlier snapshot of it, ends. Readers that go by
 * it never see a partition half replaced. Throws what `readLog` throws: never gives the snapshot of a part of the log.
 */
export async function readTable(
  store: ObjectStore,
  table: string,
  known: TableSnapshot = NO_TABLE,
): Promise<TableSnapshot> {
  const files = new Map(known.files.map((file) => [file.path, file]));
  const replaced = new Set(known.replaced);
  let { version, schemaString, partitionColumns, minWriterVersion } = known;
  for await (const commit of readLog(store, table, known.version)) {
    ({ version } = commit);
    for (const { add, remove, metaData, protocol } of commit.actions) {
      if (protocol) ({ minWriterVersion } = protocol);
      if (metaData) ({ schemaString, partitionColumns } = metaData);
      if (remove) {
        files.delete(remove.path);
        replaced.add(remove.path);
      }
      if (add) {
        files.set(add.path, tableFile(add, version));
        replaced.delete(add.path);
      }
    }
  }
  const ordered = [...files.values()];
  ordered.sort((a, b) => (a.fecha < b.fecha ? -1 : a.fecha > b.fecha ? 1 : a.path < b.path ? -1 : 1));
  return { version, schemaString, partitionColumns, minWriterVersion, files: ordered, replaced };
}

/**
 * The commits after version `after`, oldest first, up to the one that is the newest as this begins. Throws
 * `UnsupportedTable` where commits were cleaned up after a checkpoint (checkpoints are not read here) or cannot be
 * understood.
 */
export async function* readLog(store: ObjectStore, table: string, after = -1): AsyncGenerator<Commit> {
  const { newest, checkpoint } = await listLog(store, table);
  for (let first = after + 1; first <= newest; first += READ_AHEAD) {
    const commits = await readCommits(store, table, first, newest, checkpoint);
    yield* commits.map((actions, i) => ({ version: first + i, actions }));
  }
}

/** The newest commit's version (-1: none), and whether another program has put a checkpoint beside the commits. */
async function listLog(store: ObjectStore, table: string): Promise<{ newest: number; checkpoint: boolean }> {
  const folder = `${table}/_delta_log/`;
  let newest = -1;
  let checkpoint = false;
  for await (const { key } of store.list(folder)) {
    const name = key.slice(folder.length);
    if (/^\d{20}\.json$/.test(name)) newest = Math.max(newest, Number.parseInt(name, 10));
    else if (name.includes('checkpoint')) checkpoint = true;
  }
  if (newest < 0 && checkpoint) throw cleanedUp(store, table);
  return { newest, checkpoint };
}

/** By their names, every version up to the newest: a listing may miss a commit that is made while it goes on. */
async function readCommits(
  store: ObjectStore,
  table: string,
  first: number,
  newest: number,
  checkpoint: boolean,
): Promise<readonly (readonly CommitAction[])[]> {
  const versions = Array.from({ length: Math.min(READ_AHEAD, newest - first + 1) }, (_, i) => first + i);
  try {
    return await Promise.all(versions.map((version) => readCommit(store, table, version)));
  } catch (error) {
    throw checkpoint && error instanceof ObjectNotFound ? cleanedUp(store, table, error) : error;
  }
}

const cleanedUp = (store: ObjectStore, table: string, cause?: unknown): UnsupportedTable =>
  new UnsupportedTable(
    `Expected every commit in the log of ${table} in lake ${store.url}, got one that another program cleaned up after a ` +
      'checkpoint. Checkpoints are not read here: bring the commits back, or move the table away and publish it anew',
    { cause },
  );

/** The file that an `add` action of commit `version` puts there. */
export function tableFile(add: AddedFile, version: number): TableFile {
  const tags = Object.entries(add.tags ?? {}).filter((tag): tag is [string, string] => tag[1] !== null);
  return {
    path: add.path,
    fecha: add.partitionValues[PARTITION_COLUMN] ?? '',
    bytes: add.size,
    rows: add.rows,
    version,
    tags: Object.fromEntries(tags),
  };
}
