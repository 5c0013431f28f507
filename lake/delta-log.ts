import { commitKey, readCommit, UnsupportedTable } from './delta-commit.js';
import type { AddedFile, CommitAction } from './delta-commit.js';
import { pointedVersion, readCheckpoint, VERSION_TAG } from './delta-checkpoint.js';
import type { Checkpoint } from './delta-checkpoint.js';
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

/** Above so many commits after what is known, a reader looks for a newer checkpoint first. */
const WORTH_A_CHECKPOINT = 20;

/**
 * Reads a table as its log says it is, from the last checkpoint or from where `known`, an earlier snapshot of it, ends.
 * Readers that go by it never see a partition half replaced. A checkpoint that is torn or gone costs time only, as long as
 * the commits are there. Throws `UnsupportedTable` where neither is, or a commit cannot be understood: never gives the
 * snapshot of a part of the log.
 */
export async function readTable(
  store: ObjectStore,
  table: string,
  known: TableSnapshot = NO_TABLE,
): Promise<TableSnapshot> {
  let start = known;
  if (known.version < 0) {
    const version = await pointedVersion(store, table);
    const last = version === undefined ? undefined : await readCheckpoint(store, table, version);
    if (last?.complete) start = atCheckpoint(last);
  }
  const log = await listLog(store, table, start.version);
  if (log.newest - start.version > WORTH_A_CHECKPOINT) {
    const later = await newestReadable(store, table, log, ({ complete }) => complete);
    if (later !== undefined) start = atCheckpoint(later);
  }
  try {
    return await replay(store, table, start, log);
  } catch (error) {
    if (!(error instanceof ObjectNotFound)) throw error;
    // Commits were cleaned up: a checkpoint is all there is, also one that says less of its files than they did.
    const only = await newestReadable(store, table, await listLog(store, table), () => true);
    if (only === undefined || only.version <= start.version) throw missing(store, table, log, error);
    return replay(store, table, atCheckpoint(only), { ...log, newest: Math.max(log.newest, only.version) });
  }
}

async function replay(store: ObjectStore, table: string, start: TableSnapshot, log: Log): Promise<TableSnapshot> {
  let snapshot = start;
  for await (const commits of commitsBetween(store, table, start.version, log.newest)) {
    snapshot = apply(snapshot, commits);
  }
  // Without a commit there may be a checkpoint that could not be read: the table is there.
  if (snapshot.version < 0 && log.hasCheckpoint) throw cleanedUp(store, table);
  return snapshot;
}

const atCheckpoint = ({ version, actions }: Checkpoint): TableSnapshot => apply(NO_TABLE, [{ version, actions }]);

/** The snapshot after these commits. */
function apply(before: TableSnapshot, commits: readonly Commit[]): TableSnapshot {
  const files = new Map(before.files.map((file) => [file.path, file]));
  const replaced = new Set(before.replaced);
  let { version, schemaString, partitionColumns, minWriterVersion } = before;
  for (const commit of commits) {
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
 * `UnsupportedTable` where commits were cleaned up (a checkpoint does not say what they did) or cannot be understood.
 */
export async function* readLog(store: ObjectStore, table: string, after = -1): AsyncGenerator<Commit> {
  const log = await listLog(store, table, after);
  if (log.newest < 0 && log.hasCheckpoint) throw cleanedUp(store, table);
  try {
    for await (const commits of commitsBetween(store, table, after, log.newest)) yield* commits;
  } catch (error) {
    throw error instanceof ObjectNotFound ? missing(store, table, log, error) : error;
  }
}

interface Log {
  /** Version of the newest commit, or the one that was known. */
  readonly newest: number;
  /** Versions that have a checkpoint of one part, oldest first. */
  readonly checkpoints: readonly number[];
  /** There are checkpoints, be they of several parts. */
  readonly hasCheckpoint: boolean;
}

/** What the log holds after version `after`. */
async function listLog(store: ObjectStore, table: string, after = -1): Promise<Log> {
  const folder = `${table}/_delta_log/`;
  const checkpoints: number[] = [];
  let newest = after;
  let hasCheckpoint = false;
  const start = after < 0 ? undefined : commitKey(table, after);
  for await (const { key } of store.list(folder, start)) {
    const name = key.slice(folder.length);
    const version = Number.parseInt(name, 10);
    if (name.includes('checkpoint')) hasCheckpoint = true;
    if (!(version > after)) continue;
    if (/^\d{20}\.json$/.test(name)) newest = Math.max(newest, version);
    else if (/^\d{20}\.checkpoint\.parquet$/.test(name)) checkpoints.push(version);
  }
  return { newest, checkpoints, hasCheckpoint };
}

async function newestReadable(
  store: ObjectStore,
  table: string,
  { checkpoints }: Log,
  wanted: (checkpoint: Checkpoint) => boolean,
): Promise<Checkpoint | undefined> {
  for (const version of checkpoints.toReversed()) {
    const checkpoint = await readCheckpoint(store, table, version);
    if (checkpoint !== undefined && wanted(checkpoint)) return checkpoint;
  }
  return undefined;
}

/** By their names, every version up to the newest: a listing may miss a commit that is made while it goes on. */
async function* commitsBetween(
  store: ObjectStore,
  table: string,
  after: number,
  newest: number,
): AsyncGenerator<readonly Commit[]> {
  for (let first = after + 1; first <= newest; first += READ_AHEAD) {
    const versions = Array.from({ length: Math.min(READ_AHEAD, newest - first + 1) }, (_, i) => first + i);
    yield await Promise.all(
      versions.map(async (version) => ({ version, actions: await readCommit(store, table, version) })),
    );
  }
}

const missing = (store: ObjectStore, table: string, { hasCheckpoint }: Log, error: ObjectNotFound): Error =>
  hasCheckpoint ? cleanedUp(store, table, error) : error;

const cleanedUp = (store: ObjectStore, table: string, cause?: unknown): UnsupportedTable =>
  new UnsupportedTable(
    `Expected every commit in the log of ${table} in lake ${store.url}, got one that another program cleaned up after a ` +
      'checkpoint, which does not say what is asked here, or cannot be read: bring the commits back, or move the table ' +
      'away and publish it anew',
    { cause },
  );

/** The file that an `add` action of commit `version`, or of the checkpoint of that version, puts there. */
export function tableFile(add: AddedFile, version: number): TableFile {
  const { [VERSION_TAG]: added, ...said } = add.tags ?? {};
  const tags = Object.entries(said).filter((tag): tag is [string, string] => tag[1] !== null);
  return {
    path: add.path,
    fecha: add.partitionValues[PARTITION_COLUMN] ?? '',
    bytes: add.size,
    rows: add.rows,
    version: Number(added ?? version),
    tags: Object.fromEntries(tags),
  };
}
