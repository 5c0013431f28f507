import type { RunOrigin } from './run-origin.js';
import { tasksIn } from './run-state.js';
import type { RunState, TaskFailure } from './run-state.js';

/** What can be told of a run: that it ended well, that it failed, that its deadline passed before it ended. */
export const RUN_EVENTS = ['success', 'failure', 'deadline'] as const;

export type RunEventName = (typeof RUN_EVENTS)[number];

export interface FailedTask extends TaskFailure {
  readonly task: string;
}

/** What happened to a run, once: plain data, so that it can pass through Temporal and be sent again as it was. */
export interface RunEvent {
  readonly event: RunEventName;
  readonly dag: string;
  /** The run's date; null for a DAG that has none. */
  readonly fecha: string | null;
  /** What started the run. */
  readonly kind: RunOrigin['kind'];
  readonly workflowId: string;
  readonly runId: string;
  /** When it happened, as an ISO time in UTC: not when it was sent. */
  readonly at: string;
  /** One sentence for people. */
  readonly headline: string;
  /** In the DAG's order; empty unless tasks failed. */
  readonly failedTasks: readonly FailedTask[];
  /** The run in Temporal UI; null where its address is not known, or the run was local. */
  readonly url: string | null;
  /** The missed deadline, as an ISO time; null for other events. */
  readonly deadline: string | null;
}

export const failedTasks = (run: RunState): FailedTask[] =>
  tasksIn(run, 'failed').map((task) => ({
    task,
    ...(run.tasks[task]?.error ?? { type: 'Error', message: 'no message' }),
  }));
