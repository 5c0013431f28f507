import type { Dag } from '../dag/dag.js';
import { runDue } from '../dag/deadline.js';
import type { Duration } from '../dag/duration.js';
import type { RunEvent } from '../dag/run-event.js';
import { MANUAL } from '../dag/run-origin.js';
import type { RunOrigin } from '../dag/run-origin.js';
import type { RunRecord } from '../dag/run-record.js';
import type { RunOutcome } from '../dag/run-state.js';
import { seconds } from './log-line.js';
import type { LogLine } from './log-line.js';
import type { Observation } from './metric-definitions.js';

const OUTCOMES = ['success', 'failed', 'cancelled'] as const satisfies readonly RunOutcome[];
const KINDS = ['manual', 'scheduled', 'backfill'] as const satisfies readonly RunOrigin['kind'][];

/** Counters that alerts look at, from the start: Prometheus takes a series that begins at 1 for no increase. */
export function zeros(dags: readonly Pick<Dag, 'id' | 'deadline'>[]): Observation[] {
  return dags.flatMap(({ id: dag, deadline }) =>
    KINDS.flatMap((kind): Observation[] => [
      ...OUTCOMES.map((outcome): Observation => ({
        metric: 'segmenta_runs_ended_total',
        value: 0,
        labels: { dag, outcome, kind },
      })),
      ...(deadline === undefined
        ? []
        : [{ metric: 'segmenta_deadlines_missed_total', value: 0, labels: { dag, kind } } as const]),
    ]),
  );
}

/** What the end of a run adds to the metrics. `deadline` is its DAG's, if it has one. */
export function runObservations(record: RunRecord, deadline: Duration | undefined): Observation[] {
  const { dag, outcome, tasks } = record;
  const { kind } = record.origin ?? MANUAL;
  const ended = Date.parse(record.endedAt);
  const took = (ended - Date.parse(record.startedAt)) / 1_000;
  const ofTasks = Object.entries(tasks).flatMap(([state, ids]): Observation[] =>
    // What the run was started without did not end.
    (state === 'excluded' ? [] : ids).map((task) => ({
      metric: 'segmenta_tasks_ended_total',
      value: 1,
      labels: { dag, task, state },
    })),
  );
  return [
    { metric: 'segmenta_runs_ended_total', value: 1, labels: { dag, outcome, kind } },
    // Two workers' clocks may differ by more than a run takes.
    { metric: 'segmenta_run_duration_seconds', value: Math.max(0, took), labels: { dag, outcome, kind } },
    ...ofTasks,
    // Only a success brings the partition: a run that failed is not in time, however early it did.
    ...(outcome === 'success' ? successObservations(record, deadline) : []),
  ];
}

function successObservations(record: RunRecord, deadline: Duration | undefined): Observation[] {
  const ended = Date.parse(record.endedAt);
  const labels = { dag: record.dag, kind: (record.origin ?? MANUAL).kind };
  const success: Observation = {
    metric: 'segmenta_run_last_success_timestamp_seconds',
    value: ended / 1_000,
    labels,
  };
  const due = runDue(deadline, record.fecha, record.params);
  if (due === undefined) return [success];
  const late = (ended - due) / 1_000;
  return [
    success,
    { metric: 'segmenta_partition_lateness_seconds', value: late, labels },
    { metric: 'segmenta_partition_late_by_seconds', value: Math.max(0, late), labels },
  ];
}

/** What the log says of a run's end. */
export function runLine(record: RunRecord): LogLine {
  const { dag, fecha, run, runId, outcome, origin = MANUAL, errors } = record;
  const durationMs = Math.max(0, Date.parse(record.endedAt) - Date.parse(record.startedAt));
  const [[task, error] = []] = Object.entries(errors);
  const failure = outcome === 'failed' && task !== undefined ? { task, error } : {};
  return {
    level: outcome === 'failed' ? 'error' : 'info',
    fields: { event: 'run', dag, fecha, run, runId, kind: origin.kind, outcome, durationMs, ...failure },
    message: `${run}: ended in ${seconds(durationMs)}: ${outcome}`,
  };
}

/** What the log says of an event that callbacks may take. */
export function eventLine(told: RunEvent, callbacks: number): LogLine {
  const { event, dag, fecha, workflowId: run, runId, headline, deadline } = told;
  const [failed] = told.failedTasks;
  const failure =
    failed === undefined ? {} : { task: failed.task, error: { type: failed.type, message: failed.message } };
  return {
    level: event === 'success' ? 'info' : 'warn',
    fields: { event, dag, fecha, run, runId, ...(deadline === null ? {} : { deadline }), ...failure, callbacks },
    message: `${event} ${run}: ${headline}`,
  };
}
