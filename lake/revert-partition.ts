import { keptContent, openKept } from './kept-content.js';
import { PARTITION_COLUMN } from './delta-schema.js';
import { keepReferenced, lastSighting } from './keep-objects.js';
import type { ObjectStore } from './object-store.js';
import { rowsOf } from './partition-history.js';
import type { RevertPlan } from './plan-revert.js';
import { replacePartition } from './replace-partition.js';

export interface Revert {
  /** The person who reverts. */
  readonly by: string;
  readonly why?: string;
  /** Names this revert, of one table or several: `revert/ana/<id>`. Shown to whoever loses a race. */
  readonly run: string;
  /** For copies of what lies in a remote lake. */
  readonly cacheFolder: string;
}

export interface Reverted {
  readonly table: string;
  readonly fecha: string;
  /** Versions of the table: what the partition was, and whose content it has now. */
  readonly from: number;
  readonly to: number;
  /** The version that holds it now. */
  readonly version: number;
  readonly rows: number;
  /** It had that content already: no version was added. */
  readonly unchanged: boolean;
}

/**
 * Carries out the plan for one table, as a new commit: a partition's history only grows. Throws `PublishConflict` where
 * the partition is no longer as the plan found it, and `ContentGone` where the bytes are damaged. Doing the same plan
 * again, after a crash at whatever moment, ends with the one commit.
 */
export async function revertPartition(store: ObjectStore, plan: RevertPlan, revert: Revert): Promise<Reverted> {
  const { table, fecha, from, to } = plan;
  const versions = { table: table.name, fecha, from: from.version, to: to.version };
  const rows = rowsOf(to);
  if (!plan.changes) return { ...versions, version: from.version, rows, unchanged: true };
  const content = keptContent(table.name, fecha, to);
  const { sha256, bytes } = content.artifact;
  const { sha256: _content, run: _publisher, ...tags } = content.file.tags;
  const { by, why, run } = revert;
  const kept = [content.artifact, ...content.companions];
  const sighting = await lastSighting(store);
  // What lies before the retention may be condemned. From the commit on the table needs it.
  await keepReferenced(store, kept, sighting);
  const { version, unchanged } = await replacePartition(store, {
    table,
    fecha,
    rows,
    tags,
    run,
    file: await openKept(store, revert.cacheFolder, content),
    content: { sha256, bytes },
    replaces: from.files,
    operation: {
      operation: 'RESTORE',
      // Delta's own RESTORE names the version only, and puts the whole table back: which part it was is said beside it.
      operationParameters: { version: String(to.version), [PARTITION_COLUMN]: fecha },
      run,
      userName: by,
      ...(why === undefined ? {} : { userMetadata: why }),
    },
    advice: `Nothing was reverted: look at the history of ${fecha}, and revert again if that is still wanted`,
  });
  await keepReferenced(store, kept, sighting);
  return { ...versions, version, rows, unchanged };
}
