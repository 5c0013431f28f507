import { PermanentError } from '../dag/permanent-error.js';
import type { TaskRecord } from '../dag/run-record.js';
import { missingArtifact } from '../lake/list-store.js';
import type { ObjectStore } from '../lake/object-store.js';
import { readTaskRecord } from '../lake/run-records.js';

/** The run that a pinned result comes from has none, or not all of its artifacts are there any more. */
export class PinnedResultGone extends PermanentError {
  override readonly name = 'PinnedResultGone';
}

/** What a task made in the run whose records lie in `reuse`, with every artifact still in the lake. */
export async function pinnedRecord(store: ObjectStore, task: string, reuse: string | undefined): Promise<TaskRecord> {
  const known = reuse === undefined ? undefined : await readTaskRecord(store, reuse, task);
  if (known === undefined) {
    throw new PinnedResultGone(`Expected a result of ${task} in ${reuse ?? 'a run to reuse'}, got none: run it too`);
  }
  const missing = await missingArtifact(store, known.output);
  if (missing === undefined) return known;
  throw new PinnedResultGone(`Expected '${missing.uri}', the result of ${task} in ${reuse}, got none: run it too`);
}
