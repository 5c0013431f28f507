import { z } from 'zod';
import { checkpointLines } from './checkpoint-file.js';
import { parseAction } from './delta-commit.js';
import type { CommitAction } from './delta-commit.js';
import type { ObjectStore } from './object-store.js';
import { ObjectNotFound } from './store-errors.js';

export const checkpointKey = (table: string, version: number): string =>
  `${table}/_delta_log/${String(version).padStart(20, '0')}.checkpoint.parquet`;

/** Says which checkpoint is the newest, so that no reader has to list the whole log. */
export const pointerKey = (table: string): string => `${table}/_delta_log/_last_checkpoint`;

/**
 * The tag of a file in our checkpoints that says which commit put it there: a commit says it by its own number. Other
 * programs' checkpoints lack it, and may lack other tags as well.
 */
export const VERSION_TAG = 'segmenta.version';

/** The whole of a table at one version. */
export interface Checkpoint {
  readonly version: number;
  readonly lines: readonly string[];
  readonly actions: readonly CommitAction[];
  /** It says as much as the commits do. */
  readonly complete: boolean;
}

const pointer = z.object({ version: z.number().int().min(0) });

/** The version that `_last_checkpoint` names; `undefined` where it is absent or damaged. It may be an older one than the newest. */
export async function pointedVersion(store: ObjectStore, table: string): Promise<number | undefined> {
  const bytes = await readOrNothing(store, pointerKey(table));
  if (bytes === undefined) return undefined;
  try {
    return pointer.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))).version;
  } catch {
    return undefined;
  }
}

/**
 * The checkpoint of this version; `undefined` where there is none, or one that cannot be read: it is torn, in several
 * parts, or needs a newer reader. The commits say the same, so nothing is lost by passing over it.
 */
export async function readCheckpoint(
  store: ObjectStore,
  table: string,
  version: number,
): Promise<Checkpoint | undefined> {
  const bytes = await readOrNothing(store, checkpointKey(table, version));
  if (bytes === undefined) return undefined;
  try {
    const lines = await checkpointLines(bytes);
    const actions = lines.map(parseAction);
    // What every table has: a file without them is no checkpoint.
    if (!actions.some(({ metaData }) => metaData) || !actions.some(({ protocol }) => protocol)) return undefined;
    const complete = actions.every(({ add }) => !add || add.tags?.[VERSION_TAG] !== undefined);
    return { version, lines, actions, complete };
  } catch {
    return undefined;
  }
}

async function readOrNothing(store: ObjectStore, key: string): Promise<Uint8Array | undefined> {
  return store.read(key).catch((error: unknown) => {
    if (error instanceof ObjectNotFound) return undefined;
    throw error;
  });
}
