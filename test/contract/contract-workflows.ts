// The workflow bundle of the test worker.
import { dagWorkflow } from '../../workflows/run-dag.js';
import type { RunSummary } from '../../workflows/run-dag.js';
import type { RunOptions } from '../../workflows/run-options.js';
import * as dags from './contract-dags.js';

export { backfill } from '../../workflows/backfill.js';
export { callBacks } from '../../workflows/announcements.js';
export { mapChunk } from '../../workflows/map-chunks.js';
export { pool } from '../../workflows/pool.js';
export { scheduledRun } from '../../workflows/scheduled-run.js';

export const numbers = dagWorkflow(dags.numbersDag);
export const late = dagWorkflow(dags.lateDag);
export const patient = dagWorkflow(dags.patientDag);
/** So many seconds after the start of the run's date: tests cannot wait for a length that a DAG fixes. */
export const due = async (params: { readonly dueAfter: number }, options?: RunOptions): Promise<RunSummary> =>
  dagWorkflow({ ...dags.dueDag, deadline: `${params.dueAfter} seconds` })(params, options);
export const rules = dagWorkflow(dags.rulesDag);
export const mapped = dagWorkflow(dags.mapDag);
export const mappedWide = dagWorkflow(dags.wideMapDag);
export const gleaning = dagWorkflow(dags.gleaningDag);
export const checked = dagWorkflow(dags.checkedDag);
export const sensors = dagWorkflow(dags.sensorsDag);
export const signalled = dagWorkflow(dags.signalDag);
export const lateSignals = dagWorkflow(dags.lateSignalsDag);
export const pooled = dagWorkflow(dags.poolDag);
export const published = dagWorkflow(dags.publishDag);
export const visit = dagWorkflow(dags.visitDag);
export const wide = dagWorkflow(dags.wideDag);
