import type { KeyFacts } from './cache-key.js';
import type { RunOrigin } from './run-origin.js';
import type { RunPlan } from './run-plan.js';
import { runOutcome } from './run-state.js';
import type { AuditEntry, CheckState, RunOutcome, RunState, TaskFailure, TaskStateName } from './run-state.js';
import type { Dag } from './dag.js';

/** What a task that succeeded leaves behind: what a later run can be pinned to, and compared with. */
export interface TaskRecord {
  readonly task: string;
  readonly output: unknown;
  readonly note?: string;
  readonly cached: boolean;
  readonly attempts: number;
  /** ISO times. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** What its result depended on; absent of a map, whose items each have their own. */
  readonly key?: KeyFacts;
}

/** How a run ended. Beside it lie the records of its tasks. */
export interface RunRecord {
  readonly dag: string;
  readonly fecha: string | null;
  /** `segmentation/2017-07-03` */
  readonly run: string;
  readonly runId: string;
  readonly outcome: RunOutcome;
  /** ISO times. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly params: unknown;
  readonly plan: RunPlan;
  readonly origin: RunOrigin;
  /** Ids of the tasks that ended in each state. */
  readonly tasks: { readonly [State in TaskStateName]?: readonly string[] };
  readonly errors: { readonly [task: string]: TaskFailure };
  readonly checks: { readonly [task: string]: CheckState };
  readonly audit: readonly AuditEntry[];
}

/** Where the records of a date's runs lie. */
export const recordsOf = (dag: string, fecha: string | null): string => `runs/${dag}/${fecha ?? 'undated'}`;

/** Where the records of one run lie: `runs/segmentation/2017-07-03/<run id>`. */
export const recordFolder = (dag: string, fecha: string | null, runId: string): string =>
  `${recordsOf(dag, fecha)}/${runId}`;

export interface RunFacts {
  readonly dag: Dag;
  readonly fecha: string | null;
  readonly run: string;
  readonly runId: string;
  readonly params: unknown;
  readonly plan: RunPlan;
  readonly origin: RunOrigin;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** An error's text beyond this is for the log. */
const MESSAGE_LENGTH = 600;

export function runRecord({ dag, startedAt, endedAt, ...facts }: RunFacts, state: RunState): RunRecord {
  const tasks: { [State in TaskStateName]?: string[] } = {};
  const errors: { [task: string]: TaskFailure } = {};
  const checks: { [task: string]: CheckState } = {};
  for (const [id, { state: ended, error, check }] of Object.entries(state.tasks)) {
    (tasks[ended] ??= []).push(id);
    if (error !== undefined) errors[id] = { ...error, message: error.message.slice(0, MESSAGE_LENGTH) };
    if (check !== undefined) checks[id] = check;
  }
  return {
    dag: dag.id,
    ...facts,
    outcome: runOutcome(dag, state),
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    tasks,
    errors,
    checks,
    audit: state.audit,
  };
}
