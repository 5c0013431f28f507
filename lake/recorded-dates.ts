import type { RecordedDate } from '../dag/backfill-plan.js';
import type { RunRecord } from '../dag/run-record.js';
import type { ObjectStore } from './object-store.js';
import { readRunRecord, recordedRuns } from './run-records.js';

/**
 * What the records say of a date's runs. A success counts where the run had all of `tasks`; a run that left no record of
 * its end was killed, or is at work.
 */
export async function recordedDate(
  store: ObjectStore,
  dag: string,
  fecha: string,
  tasks: readonly string[],
): Promise<RecordedDate> {
  const counts = (record: RunRecord | undefined): boolean =>
    record?.outcome === 'success' && tasks.every((task) => record.tasks.excluded?.includes(task) !== true);
  const [newest, ...before] = await recordedRuns(store, dag, fecha);
  if (newest === undefined) return { succeeded: false, failed: false };
  const record = await readRunRecord(store, newest);
  const failed = record?.outcome !== 'success';
  if (counts(record)) return { succeeded: true, failed };
  for (const folder of before) if (counts(await readRunRecord(store, folder))) return { succeeded: true, failed };
  return { succeeded: false, failed };
}
