import { stat } from 'node:fs/promises';
import { withCheckpointFile } from './checkpoint-file.js';
import { checkpointKey, pointedVersion, pointerKey, readCheckpoint, VERSION_TAG } from './delta-checkpoint.js';
import { filePath, readCommitLines } from './delta-commit.js';
import type { ObjectStore } from './object-store.js';
import { PROTOCOL } from './partition-commit.js';

/** Delta's own interval. */
const CHECKPOINT_EVERY = 10;

/** How long a checkpoint says of a file that it was removed: Delta's default. */
const TOMBSTONE_MS = 7 * 86_400_000;

/**
 * Puts a checkpoint beside commit `version` where one is due. Never throws: the commit stands, readers do without, and
 * ten commits later there is another one. Any number of writers may do so at once.
 */
export async function writeDueCheckpoint(store: ObjectStore, table: string, version: number): Promise<void> {
  if (version === 0 || version % CHECKPOINT_EVERY !== 0) return;
  await writeCheckpoint(store, table, version).catch(() => undefined);
}

/**
 * Writes the checkpoint of a version and points readers to it. False where the table needs what is not written here.
 * Throws where the log cannot be read whole, or the store fails.
 */
export async function writeCheckpoint(store: ObjectStore, table: string, version: number): Promise<boolean> {
  const state = await stateAt(store, table, version);
  if (state === undefined) return false;
  const actions = checkpointActions(state);
  const sizeInBytes = await withCheckpointFile(actions, async (path) => {
    const key = checkpointKey(table, version);
    // Another writer's is as good, a version has one state; a damaged one would mislead readers by our pointer.
    const isTaken = (await store.create(key, { path })) === 'exists';
    if (isTaken && (await readCheckpoint(store, table, version)) === undefined) await store.write(key, { path });
    return (await stat(path)).size;
  });
  // Two writers may pass each other here. An older pointer is a right one: what came later is found after it.
  if (((await pointedVersion(store, table)) ?? -1) >= version) return true;
  const pointer = { version, size: actions.length, sizeInBytes, numOfAddFiles: state.adds.size };
  await store.write(pointerKey(table), JSON.stringify(pointer));
  return true;
}

/** Actions as they are in the log: with what other programs wrote and nobody here reads. */
type Fields = { readonly [field: string]: unknown };

interface TableState {
  protocol: Fields | undefined;
  metaData: Fields | undefined;
  readonly txns: Map<string, Fields>;
  readonly adds: Map<string, Fields>;
  readonly removes: Map<string, Fields>;
}

async function stateAt(store: ObjectStore, table: string, version: number): Promise<TableState | undefined> {
  const state: TableState = {
    protocol: undefined,
    metaData: undefined,
    txns: new Map(),
    adds: new Map(),
    removes: new Map(),
  };
  const last = await pointedVersion(store, table);
  const base = last === undefined || last >= version ? undefined : await readCheckpoint(store, table, last);
  if (base?.complete) for (const line of base.lines) applyLine(state, line, undefined);
  for (let next = base?.complete ? base.version + 1 : 0; next <= version; next += 1) {
    for (const line of await readCommitLines(store, table, next)) applyLine(state, line, next);
  }
  const { minReaderVersion, minWriterVersion } = state.protocol ?? {};
  const isPlain =
    Number(minReaderVersion) <= PROTOCOL.minReaderVersion && Number(minWriterVersion) <= PROTOCOL.minWriterVersion;
  return isPlain && state.metaData !== undefined ? state : undefined;
}

/** `version` is undefined for a checkpoint's rows, which say it themselves. */
function applyLine(state: TableState, line: string, version: number | undefined): void {
  // Who commits has read the whole table, and with it checked the shape of every line.
  const { protocol, metaData, txn, add, remove } = JSON.parse(line) as { readonly [action: string]: Fields | null };
  if (protocol) state.protocol = protocol;
  if (metaData) state.metaData = metaData;
  if (txn) state.txns.set(String(txn.appId), txn);
  if (remove) {
    const path = filePath(String(remove.path));
    state.adds.delete(path);
    state.removes.set(path, { ...remove, dataChange: false });
  }
  if (add) {
    const path = filePath(String(add.path));
    const tags = version === undefined ? add.tags : { ...(add.tags as Fields | null), [VERSION_TAG]: String(version) };
    state.removes.delete(path);
    state.adds.set(path, { ...add, tags, dataChange: false });
  }
}

function checkpointActions({ protocol, metaData, txns, adds, removes }: TableState): readonly object[] {
  const now = Date.now();
  const isRecent = ({ deletionTimestamp }: Fields): boolean => now - Number(deletionTimestamp ?? 0) < TOMBSTONE_MS;
  return [
    { protocol },
    { metaData },
    ...[...txns.values()].map((txn) => ({ txn })),
    ...[...removes.values()].filter(isRecent).map((remove) => ({ remove })),
    ...[...adds.values()].map((add) => ({ add })),
  ];
}
