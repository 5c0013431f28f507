import {
  CancellationScope,
  ParentClosePolicy,
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { TASK_DEFAULTS } from '../dag/dag.js';
import type { Dag } from '../dag/dag.js';
import type { RunResult } from '../dag/execute.js';
import { failedTasks } from '../dag/run-event.js';
import type { RunEvent } from '../dag/run-event.js';
import { RETRY_BACKOFF } from '../dag/retry-policy.js';
import type { RunOrigin } from '../dag/run-origin.js';
import type { RunPlan } from '../dag/run-plan.js';
import { runRecord } from '../dag/run-record.js';
import { failureHeadline, runOutcome } from '../dag/run-state.js';
import type { RunState } from '../dag/run-state.js';
import type { RunActivities } from './task-call.js';

export interface Announced {
  readonly dag: Dag;
  readonly fecha: string | null;
  readonly params: { readonly [name: string]: unknown };
  readonly origin: RunOrigin;
  /** Epoch milliseconds; `undefined` where the run has no deadline. */
  readonly due: number | undefined;
}

const { announce, recordRun } = proxyLocalActivities<Pick<RunActivities, 'announce' | 'recordRun'>>({
  startToCloseTimeout: '1 minute',
  retry: {
    maximumAttempts: TASK_DEFAULTS.retries + 1,
    initialInterval: RETRY_BACKOFF.initialMs,
    backoffCoefficient: RETRY_BACKOFF.factor,
    maximumInterval: RETRY_BACKOFF.maximumMs,
  },
});

/** A receiver that is down for a while still hears of it. */
const { callBack } = proxyActivities<Pick<RunActivities, 'callBack'>>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});

/**
 * Writes how a run ended, and tells who wants to know. That it cannot be written or told does not change how it ended:
 * the log says so.
 */
export async function announceEnd(
  announced: Announced,
  { record, result, ...start }: { record: string; result: RunResult; plan: RunPlan; startedAt: Date },
): Promise<void> {
  const { dag, fecha, params, origin } = announced;
  const { state } = result;
  const { workflowId: run, runId } = workflowInfo();
  const outcome = runOutcome(dag, state);
  const facts = { dag, fecha, run, runId, params, origin, ...start, endedAt: new Date() };
  await orWarn('its record was not written', recordRun({ folder: record, run: runRecord(facts, state) }));
  if (outcome === 'cancelled') return;
  const end =
    outcome === 'success'
      ? ({ event: 'success', headline: successHeadline(state), deadline: null } as const)
      : ({ event: 'failure', headline: failureHeadline(state), deadline: null } as const);
  await orWarn('nobody was told of its end', tell(end, announced, state));
}

async function orWarn(what: string, work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => log.warn(`${workflowInfo().workflowId}: ${what}: ${String(error)}`));
}

function successHeadline({ tasks }: RunState): string {
  const all = Object.values(tasks).filter(({ state }) => state === 'success');
  const cached = all.filter((task) => task.cached === true).length;
  return `${all.length} tasks succeeded, ${cached} of them cached`;
}

/**
 * Counts from the start of the run's date, whenever the run itself started: `missed` is called once, when the deadline
 * comes before the run's end, or at once where the run started after it.
 */
export function watchDeadline(announced: Announced, missed: (headline: string) => void): { end(): Promise<void> } {
  const { due } = announced;
  if (due === undefined) return { end: async () => {} };
  const scope = new CancellationScope();
  const watch = async (): Promise<void> => {
    const left = due - Date.now();
    const deadline = new Date(due).toISOString();
    if (left > 0) await sleep(left, { summary: `deadline ${deadline}` });
    const headline = left > 0 ? `Not finished at its deadline, ${deadline}` : `Started after its deadline, ${deadline}`;
    missed(headline);
    const event = { event: 'deadline', headline, deadline } as const;
    await CancellationScope.nonCancellable(async () =>
      orWarn('nobody was told of its deadline', tell(event, announced)),
    );
  };
  const watched = scope.run(watch).catch((error: unknown) => {
    if (!isCancellation(error)) throw error;
  });
  return {
    end: async () => {
      scope.cancel();
      await watched;
    },
  };
}

async function tell(
  what: Pick<RunEvent, 'event' | 'headline' | 'deadline'>,
  { dag, fecha, origin }: Announced,
  state?: RunState,
): Promise<void> {
  const { workflowId, runId } = workflowInfo();
  const failed = state === undefined ? [] : failedTasks(state);
  const event: RunEvent = {
    ...what,
    dag: dag.id,
    fecha,
    kind: origin.kind,
    workflowId,
    runId,
    at: new Date().toISOString(),
    failedTasks: failed
      .slice(0, FAILED_TASKS)
      .map((task) => ({ ...task, message: task.message.slice(0, MESSAGE_LENGTH) })),
    // Known to the worker that sends it.
    url: null,
  };
  const callbacks = await announce(event);
  if (callbacks.length === 0) return;
  // A workflow of its own, which outlives the run: a receiver that is down holds no run of the date.
  await startChild('callBacks', {
    args: [{ event, callbacks }],
    workflowId: `${workflowId}/${runId}/callbacks-${event.event}`,
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: `tells of ${event.event}`,
  });
}

/** Tells each of the callbacks of one event. Fails, after a day, where one could not be told. */
export async function callBacks({
  event,
  callbacks,
}: {
  event: RunEvent;
  callbacks: readonly number[];
}): Promise<void> {
  const ends = await Promise.allSettled(callbacks.map(async (callback) => callBack({ callback, event })));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

const MESSAGE_LENGTH = 600;
const FAILED_TASKS = 10;
