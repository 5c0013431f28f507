import { PermanentError } from '../dag/permanent-error.js';
import { checkTable } from './check-table.js';
import { writeDueCheckpoint } from './write-checkpoint.js';
import type { FileContent } from './content-hash.js';
import { commitKey } from './delta-commit.js';
import { readTable } from './delta-log.js';
import type { TableFile, TableSnapshot } from './delta-log.js';
import { PARTITION_COLUMN } from './delta-schema.js';
import { keepKeys, lastSighting } from './keep-objects.js';
import type { ObjectStore } from './object-store.js';
import { addAction, commitBody, isOwnFile, sameContent } from './partition-commit.js';
import type { PartitionFacts } from './partition-commit.js';

export interface Replacement extends PartitionFacts {
  /** Local Parquet file with the table's columns, less the partition column. */
  readonly file: string;
  readonly content: FileContent;
  /** The partition's files that this was decided upon; left out: those that the log names by now. */
  readonly replaces?: readonly TableFile[];
  /** What the loser of a race can do: the end of its message. */
  readonly advice: string;
}

export interface Replaced {
  /** Version of the table that holds this content. */
  readonly version: number;
  /** The partition's file, relative to the table's folder. */
  readonly path: string;
  /** The table held this content already: no version was added. */
  readonly unchanged: boolean;
}

/** Two wrote the same date at once with different contents; the other one was first. */
export class PublishConflict extends PermanentError {
  override readonly name = 'PublishConflict';
}

/** Commits of other dates that may come first before this one gives up and is tried again later. */
const RACES = 100;

/**
 * Makes `file` the one file of its partition, in one commit of the table's Delta log: readers of the log see the old
 * partition or the new one. Where the partition has this content already, nothing changes. Commits of other dates at the
 * same time all land; of two commits of one date, the first lands and the other is refused, with the name of the winner.
 * What the commit replaces is removed right after it, for readers that glob the folder, and so is what writers left
 * there that died. One leftover has to wait for the date's next commit: the file of a writer that died before its
 * commit and after the date's newest one, which nobody can tell from one still at work. The log never names it.
 */
export async function replacePartition(store: ObjectStore, replacement: Replacement): Promise<Replaced> {
  const { table, fecha, file, content } = replacement;
  const sighting = await lastSighting(store);
  let snapshot = await readTable(store, table.name);
  checkTable(store, table, snapshot);
  const seen = replacement.replaces ?? filesOf(snapshot, fecha);
  const add = addAction(replacement, content, seen);
  const key = `${table.name}/${add.path}`;
  // Before the commit: what is there by now and not named by it can never be committed. Whoever put it there saw an
  // older version of this date, and is refused from now on.
  const lying = await pathsIn(store, table.name, fecha);

  for (let race = 0; race < RACES; race += 1) {
    const now = filesOf(snapshot, fecha);
    if (now.length === 1 && sameContent(now[0], add.tags)) {
      if (race > 0 && add.path !== now[0].path) await discard(store, table.name, [add.path]);
      await keepKeys(store, [`${table.name}/${now[0].path}`], sighting);
      await bringBack(store, replacement, now[0]);
      const { replaced } = snapshot;
      await discard(
        store,
        table.name,
        lying.filter((path) => replaced.has(path)),
      );
      return { version: now[0].version, path: now[0].path, unchanged: true };
    }
    if (!sameFiles(now, seen)) {
      if (!now.some(({ path }) => path === add.path)) await discard(store, table.name, [add.path]);
      throw new PublishConflict(
        `Expected to be the only one to publish ${table.name} for ${fecha}; ` +
          `${now[0]?.tags.run ?? 'another run'} was first, with version ${now[0]?.version ?? '?'}. ${replacement.advice}`,
      );
    }
    if (race === 0 || (await store.head(key))?.bytes !== content.bytes) {
      // The name holds the hash of the content: other bytes under it are a damaged leftover.
      const uploaded = await store.create(key, { path: file });
      if (uploaded === 'exists') await store.write(key, { path: file });
      // What a writer left that died may be condemned: who commits it has to be first.
      const isGone = uploaded !== 'created' && (await keepKeys(store, [key], sighting)).length > 0;
      if (isGone) await store.create(key, { path: file });
    }
    const version = snapshot.version + 1;
    const commit = commitBody(replacement, add, seen, version);
    if ((await store.create(commitKey(table.name, version), commit)) !== 'exists') {
      const { replaced } = snapshot;
      const left = lying.filter((path) => path !== add.path && (isOwnFile(path) || replaced.has(path)));
      await discard(store, table.name, new Set([...left, ...seen.map(({ path }) => path)]));
      // From here on the log names the file; if this took very long, gc may have taken it for another dead writer's.
      const isGone = (await keepKeys(store, [key], sighting)).length > 0;
      if (isGone) await store.create(key, { path: file });
      await writeDueCheckpoint(store, table.name, version);
      return { version, path: add.path, unchanged: false };
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
async function bringBack(store: ObjectStore, { table, file }: Replacement, lost: TableFile): Promise<void> {
  const key = `${table.name}/${lost.path}`;
  if ((await store.head(key))?.bytes !== lost.bytes) await store.write(key, { path: file });
}
