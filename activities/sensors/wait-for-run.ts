import { readRunRecord, recordedRuns } from '../../lake/run-records.js';
import { defineSensor } from '../define-activity.js';

export interface RunWanted {
  /** Id of another DAG. */
  readonly dag: string;
  readonly fecha: string;
}

export interface RunFound extends RunWanted {
  readonly runId: string;
  /** ISO time. */
  readonly endedAt: string;
}

/** A sensor: a run of another DAG for the date that ended well, as its records in the lake say. */
export const waitForRun = defineSensor<RunWanted, RunFound>(1, async ({ dag, fecha }, { store }) => {
  for (const folder of await recordedRuns(store, dag, fecha)) {
    const record = await readRunRecord(store, folder);
    if (record?.outcome !== 'success') continue;
    const { runId, endedAt } = record;
    return { output: { dag, fecha, runId, endedAt }, note: `${dag} of ${fecha} succeeded at ${endedAt}` };
  }
  return { notYet: `no run of ${dag} for ${fecha} succeeded yet, by the records in lake ${store.url}` };
});
