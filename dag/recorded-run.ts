import type { CodeVersions, RunRecord, TaskEnding, TaskRecord } from './run-record.js';
import type { RunOrigin } from './run-origin.js';
import type { RunPlan } from './run-plan.js';
import type { AuditEntry, CheckState, RunOutcome, TaskFailure, TaskStateName } from './run-state.js';

/**
 * What became of a run. `unfinished`: it left records of tasks and none of its end, so it is at work or was killed. Only
 * Temporal can tell which: then it is one of those after it.
 */
export type RecordedOutcome = RunOutcome | 'unfinished' | 'running' | 'held' | 'terminated' | 'timed_out';

export const RECORDED_OUTCOMES: readonly RecordedOutcome[] = [
  'success',
  'failed',
  'cancelled',
  'running',
  'held',
  'terminated',
  'timed_out',
  'unfinished',
];

/** Which run, by where its records lie. */
export interface RunName {
  readonly dag: string;
  readonly fecha: string | null;
  readonly runId: string;
}

/** A run as its records tell of it, whichever version wrote them. What they do not say is null. */
export interface RecordedRun extends RunName {
  readonly outcome: RecordedOutcome;
  readonly origin: RunOrigin | null;
  /** ISO times. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** In the DAG's order where the run ended; else those tasks that succeeded. */
  readonly tasks: { readonly [task: string]: TaskEnding };
  readonly errors: { readonly [task: string]: TaskFailure };
  readonly checks: { readonly [task: string]: CheckState };
  readonly audit: readonly AuditEntry[];
  readonly params: unknown;
  readonly plan: RunPlan | null;
  readonly versions: CodeVersions | null;
}

/** Whether the run's own record says all that is known of its tasks, without those that the tasks left. */
export const isComplete = (record: RunRecord | undefined): record is RunRecord => record?.states !== undefined;

/** Puts together what a run left: its own record where it ended, and, unless that is complete, those of its tasks. */
export function recordedRun(
  name: RunName,
  record: RunRecord | undefined,
  taskRecords: readonly TaskRecord[],
): RecordedRun {
  const { dag, fecha, runId } = name;
  const left = Object.fromEntries(taskRecords.map((task) => [task.task, endingOf(task)]));
  if (record === undefined) return unfinishedRun(name, taskRecords, left);
  const { outcome, origin = null, startedAt, endedAt, errors, checks, audit, params, plan, versions = null } = record;
  const tasks = record.states ?? statesOf(record.tasks, left);
  return {
    dag,
    fecha,
    runId,
    outcome,
    origin,
    startedAt,
    endedAt,
    tasks,
    errors,
    checks,
    audit,
    params,
    plan,
    versions,
  };
}

function unfinishedRun(
  { dag, fecha, runId }: RunName,
  records: readonly TaskRecord[],
  tasks: RecordedRun['tasks'],
): RecordedRun {
  // No later than it started, unless by results pinned to a run before: those keep their times.
  const starts = records.map(({ startedAt }) => startedAt).toSorted();
  return {
    dag,
    fecha,
    runId,
    outcome: 'unfinished',
    origin: null,
    startedAt: starts[0] ?? null,
    endedAt: null,
    tasks,
    errors: {},
    checks: {},
    audit: [],
    params: null,
    plan: null,
    versions: null,
  };
}

/** A record of before says only which tasks came to what; what succeeded said more itself. */
function statesOf(tasks: RunRecord['tasks'], left: RecordedRun['tasks']): RecordedRun['tasks'] {
  // The keys are the names of states.
  const named = Object.entries(tasks) as [TaskStateName, readonly string[]][];
  const states = named.flatMap(([state, ids]) => ids.map((id) => [id, { ...left[id], state }] as const));
  return Object.fromEntries(states);
}

const endingOf = ({ note, cached, attempts, startedAt, endedAt }: TaskRecord): TaskEnding => ({
  state: 'success',
  cached,
  attempts,
  startedAt: Date.parse(startedAt),
  endedAt: Date.parse(endedAt),
  ...(note === undefined ? {} : { note }),
});

/** How many tasks of a run were worked on, and how many were there already. */
export function workOf({ tasks }: Pick<RecordedRun, 'tasks'>): { readonly computed: number; readonly cached: number } {
  const succeeded = Object.values(tasks).filter(({ state }) => state === 'success');
  const cached = succeeded.filter((task) => task.cached === true).length;
  return { computed: succeeded.length - cached, cached };
}

/** Milliseconds that a run took; null where it has not ended. */
export const tookMs = ({ startedAt, endedAt }: Pick<RecordedRun, 'startedAt' | 'endedAt'>): number | null =>
  startedAt === null || endedAt === null ? null : Date.parse(endedAt) - Date.parse(startedAt);

/** The first task that failed, with its error where the record has it. */
export function firstFailure({ tasks, errors }: RecordedRun): (Partial<TaskFailure> & { task: string }) | undefined {
  const failed = Object.keys(tasks).find((id) => tasks[id]?.state === 'failed' || tasks[id]?.state === 'held');
  return failed === undefined ? undefined : { task: failed, ...errors[failed] };
}
