import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { KeyFacts } from './cache-key.js';
import type { RunOrigin } from './run-origin.js';
import type { RunPlan } from './run-plan.js';
import { runOutcome } from './run-state.js';
import type {
  AuditEntry,
  CheckState,
  ItemState,
  RunOutcome,
  RunState,
  TaskFailure,
  TaskState,
  TaskStateName,
} from './run-state.js';
import type { Dag } from './dag.js';

/** What a task that succeeded leaves behind: what a later run can be pinned to, and compared with. */
export interface TaskRecord {
  readonly task: string;
  /** With the handles of the artifacts that it made, or found made. */
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

/** How one task of a run ended, whether it succeeded or not. Times in milliseconds since the epoch, as in a run's state. */
export interface TaskEnding extends Omit<TaskState, 'error' | 'check' | 'items'> {
  /** Of a map: how many items came to what. */
  readonly items?: { readonly [end in ItemState['state'] | 'cached']?: number };
}

/** The code that a run was worked on with, as the worker that wrote its record knows it. */
export interface CodeVersions {
  /** Of this package. */
  readonly segmenta: string;
  /** Of the worker, where it says one. */
  readonly build?: string;
  /** Of what makes bytes: it is part of every cache key. */
  readonly engine: string;
}

/** How a run ended. Beside it lie the records of its tasks, with their outputs. */
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
  /** Absent of runs that were recorded before there was more than one. */
  readonly origin?: RunOrigin;
  /** Ids of the tasks that ended in each state. */
  readonly tasks: { readonly [State in TaskStateName]?: readonly string[] };
  /** Every task, in the DAG's order. Absent of runs that were recorded before this was kept. */
  readonly states?: { readonly [task: string]: TaskEnding };
  readonly errors: { readonly [task: string]: TaskFailure };
  readonly checks: { readonly [task: string]: CheckState };
  readonly audit: readonly AuditEntry[];
  /** Absent of runs that were recorded before this was kept. */
  readonly versions?: CodeVersions;
}

/** Where the records of a date's runs lie. */
export const recordsOf = (dag: string, fecha: string | null): string => `runs/${dag}/${fecha ?? UNDATED}`;

/** In the place of the date, for runs that have none. */
export const UNDATED = 'undated';

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

/** Longest record, in bytes of JSON: a workflow hands it to an activity. Of a DAG of some 120 tasks; more take more. */
const RECORD_LIMIT = 15 * 1024;

/** Characters of an error, of a note; how many errors, checks and actions. */
interface Detail {
  readonly error: number;
  readonly note: number;
  readonly entries: number;
}

/** From all that is worth keeping to what has to do: the first one that fits counts. The rest is for the log. */
const DETAILS: readonly Detail[] = [
  { error: 600, note: 200, entries: 1_000 },
  { error: 300, note: 80, entries: 200 },
  { error: 200, note: 40, entries: 50 },
  { error: 200, note: 0, entries: 20 },
];

const LEAST: Detail = { error: 100, note: 0, entries: 8 };

/** The record of a run that has settled, with as much of what its tasks and operators said as fits. */
export function runRecord(facts: RunFacts, state: RunState): RunRecord {
  for (const detail of DETAILS) {
    const record = detailedRecord(facts, state, detail);
    if (utf8ToBytes(JSON.stringify(record)).length <= RECORD_LIMIT) return record;
  }
  return detailedRecord(facts, state, LEAST);
}

function detailedRecord({ dag, startedAt, endedAt, ...facts }: RunFacts, state: RunState, detail: Detail): RunRecord {
  const tasks: { [State in TaskStateName]?: string[] } = {};
  const states: { [task: string]: TaskEnding } = {};
  const errors: [string, TaskFailure][] = [];
  const checks: [string, CheckState][] = [];
  for (const [id, { error, check, ...task }] of Object.entries(state.tasks)) {
    (tasks[task.state] ??= []).push(id);
    states[id] = endingOf(task, detail.note);
    if (error !== undefined) errors.push([id, { ...error, message: cut(error.message, detail.error) }]);
    if (check !== undefined) checks.push([id, { ...check, message: cut(check.message, detail.error) }]);
  }
  return {
    dag: dag.id,
    ...facts,
    outcome: runOutcome(dag, state),
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    tasks,
    states,
    errors: Object.fromEntries(errors.slice(0, detail.entries)),
    checks: Object.fromEntries(checks.slice(0, detail.entries)),
    audit: state.audit.slice(-detail.entries).map((entry) => ({ ...entry, why: cut(entry.why, detail.error) })),
  };
}

function endingOf({ items, note = '', ...ended }: Omit<TaskState, 'error' | 'check'>, length: number): TaskEnding {
  return {
    ...ended,
    ...(note === '' || length === 0 ? {} : { note: cut(note, length) }),
    ...(items === undefined ? {} : { items: itemCounts(items) }),
  };
}

function itemCounts(items: readonly ItemState[]): NonNullable<TaskEnding['items']> {
  const counts: { [end in ItemState['state'] | 'cached']?: number } = {};
  for (const { state, cached } of items) {
    const end = state === 'success' && cached === true ? 'cached' : state;
    counts[end] = (counts[end] ?? 0) + 1;
  }
  return counts;
}

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);
