import {
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  ParentClosePolicy,
  TerminatedFailure,
  WorkflowIdReusePolicy,
  proxyActivities,
  startChild,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Priority } from '../dag/dag.js';
import { failureOf } from './failure.js';
import type { RunSummary } from './run-dag.js';
import type { RunOptions } from './run-options.js';
import type { RunActivities } from './task-call.js';

/** A run of a date that another workflow wants. */
export interface DateRunRequest {
  readonly dag: string;
  readonly params: { readonly fecha: string; readonly [name: string]: unknown };
  readonly options: RunOptions;
  readonly priority?: Priority;
  /** What becomes of the run where the caller ends before it: it goes on (`ABANDON`), or is cancelled with it. */
  readonly whenCallerEnds: 'ABANDON' | 'REQUEST_CANCEL';
}

export type DateRunEnd =
  | { readonly outcome: 'success'; readonly summary: RunSummary }
  | { readonly outcome: 'failed'; readonly type: string; readonly headline: string }
  | { readonly outcome: 'cancelled' }
  | { readonly outcome: 'terminated' };

/** How a run at work stands. Held, it waits for an operator. */
export type DateRunStanding = { readonly outcome: 'running' } | { readonly outcome: 'held' };

export interface DateRun {
  /** `segmentation/2017-07-03` */
  readonly workflowId: string;
  readonly runId: string;
  /** False where one of the date was running already: that one is followed instead. */
  readonly started: boolean;
  /** Resolves when it has ended, however it did. Rejects where the caller is cancelled meanwhile. */
  readonly ended: Promise<DateRunEnd>;
}

/** Waits at the server, not on a worker: a look that finds the run at work is an attempt that failed. */
const { runEnd } = proxyActivities<Pick<RunActivities, 'runEnd'>>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 1.2, maximumInterval: '15 seconds' },
});

/**
 * The run of a date: started as a child, or, where one is running already, joined. A date has one run at a time.
 * `onHeld` hears when a run that was joined becomes held, and when it goes on; one's own child tells by itself.
 */
export async function startDateRun(request: DateRunRequest, onHeld: OnHeld = () => {}): Promise<DateRun> {
  const { dag, params, options, priority, whenCallerEnds } = request;
  const workflowId = `${dag}/${params.fecha}`;
  try {
    const child = await startChild(dag, {
      workflowId,
      args: [params, options],
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      parentClosePolicy: ParentClosePolicy[whenCallerEnds],
      staticSummary: `${dag} of ${params.fecha}`,
      ...(priority === undefined ? {} : { priority: { priorityKey: priority } }),
    });
    const runId = child.firstExecutionRunId;
    return { workflowId, runId, started: true, ended: endOf(child.result() as Promise<RunSummary>) };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return joinDateRun({ workflowId }, onHeld);
  }
}

type OnHeld = (held: boolean) => void;

/** Follows the run of a date that is at work, or has just ended: another's, or one's own from before a continue-as-new. */
export async function joinDateRun(
  run: { readonly workflowId: string; readonly runId?: string; readonly held?: boolean },
  onHeld: OnHeld = () => {},
): Promise<DateRun> {
  return { workflowId: run.workflowId, runId: run.runId ?? '', started: false, ended: follow(run, onHeld) };
}

async function follow(run: Parameters<typeof joinDateRun>[0], onHeld: OnHeld): Promise<DateRunEnd> {
  let { held = false } = run;
  for (;;) {
    const seen = await runEnd({ ...run, held });
    if (seen.outcome !== 'held' && seen.outcome !== 'running') return seen;
    held = seen.outcome === 'held';
    onHeld(held);
  }
}

async function endOf(result: Promise<RunSummary>): Promise<DateRunEnd> {
  try {
    return { outcome: 'success', summary: await result };
  } catch (error) {
    if (!(error instanceof ChildWorkflowFailure)) throw error;
    if (error.cause instanceof CancelledFailure) return { outcome: 'cancelled' };
    if (error.cause instanceof TerminatedFailure) return { outcome: 'terminated' };
    const { type, message } = failureOf(error, []);
    return { outcome: 'failed', type, headline: message };
  }
}

/** Ends the caller as the run ended that it stands for. */
export function endAs(end: DateRunEnd, what: string): RunSummary {
  if (end.outcome === 'success') return end.summary;
  if (end.outcome === 'cancelled') throw new CancelledFailure(`${what} was cancelled`);
  const [type, message] =
    end.outcome === 'failed' ? [end.type, end.headline] : ['Terminated', `${what} was terminated`];
  throw ApplicationFailure.create({ type, message, nonRetryable: true });
}
