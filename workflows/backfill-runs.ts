import { CancellationScope, log, proxyActivities } from '@temporalio/workflow';
import type { z } from 'zod';
import { ownRuns, withDate } from '../dag/backfill-state.js';
import type { BackfillState, DateState } from '../dag/backfill-state.js';
import type { backfillInput } from './backfill-input.js';
import type { HeldDate } from './backfill-signals.js';
import { joinDateRun, startDateRun } from './date-run.js';
import type { DateRun, DateRunEnd } from './date-run.js';
import { failureOf } from './failure.js';
import type { RunActivities } from './task-call.js';

/** A backfill's state, which its runs, its operators and its loop change. */
export interface LiveBackfill {
  state(): BackfillState;
  change(changed: BackfillState): void;
}

/** The runs of a backfill's dates, as its workflow handles them. What becomes of them is in the backfill's state. */
export interface DateRuns {
  /** Starts the run of a date, or joins the one at work, and follows it to its end. */
  start(fecha: string): void;
  /** Follows a run that the execution before this one left at work. */
  rejoin(fecha: string): void;
  /** Cancels those that the backfill started; what others started goes on. */
  stopOwn(who: string, why: string): void;
  /** A run says that it waits for an operator, or goes on. */
  hear(date: HeldDate): void;
  /** No run is being started or stopped: a new execution could take over. */
  areSettled(): boolean;
}

type Plan = Pick<z.output<typeof backfillInput>, 'dag' | 'id' | 'params' | 'options'>;

const { stopRun } = proxyActivities<Pick<RunActivities, 'stopRun'>>({ startToCloseTimeout: '30 seconds' });

export function dateRuns({ dag, id, params, options }: Plan, { state, change }: LiveBackfill): DateRuns {
  const dateOf = (fecha: string): DateState | undefined => state().dates[fecha];
  const changeDate = (fecha: string, changed: Partial<DateState>): void => {
    const before = dateOf(fecha);
    if (before !== undefined) change(withDate(state(), fecha, { ...before, ...changed }));
  };
  const isAtWork = (fecha: string): boolean => ['running', 'held'].includes(dateOf(fecha)?.state ?? '');
  const onHeld = (fecha: string) => (held: boolean) => {
    if (isAtWork(fecha)) changeDate(fecha, { state: held ? 'held' : 'running' });
  };

  let pending = 0;
  const untilDone = async <Result>(work: Promise<Result>): Promise<Result> => {
    pending += 1;
    return work.finally(() => (pending -= 1));
  };

  /** Also where the backfill was itself cancelled. */
  const stop = async (fecha: string, who: string, why: string): Promise<void> => {
    const { runId } = dateOf(fecha) ?? {};
    // One whose start is not answered yet is stopped by whoever waits for the answer.
    if (runId === undefined) return;
    const told = { workflowId: `${dag}/${fecha}`, runId, who, why: `backfill ${id} was cancelled: ${why}` };
    await untilDone(CancellationScope.nonCancellable(async () => stopRun(told))).catch((error: unknown) =>
      log.warn(`${dag}/${fecha} was not stopped: ${String(error)}`),
    );
  };

  const begin = async (fecha: string): Promise<DateRun> => {
    const request = {
      dag,
      params: { ...params, fecha },
      options: { ...options, origin: { kind: 'backfill', backfill: id } },
      ...(options.priority === undefined ? {} : { priority: options.priority }),
      whenCallerEnds: 'ABANDON',
    } as const;
    const run = await startDateRun(request, onHeld(fecha));
    changeDate(fecha, run.started ? { runId: run.runId } : { joined: true });
    const isLate = run.started && state().stopped === 'cancelling';
    if (isLate) await stop(fecha, state().audit.at(-1)?.who ?? 'the backfill', 'while the run started');
    return run;
  };

  const follow = (fecha: string, begun: Promise<DateRun>): void => {
    const toEnd = async (): Promise<void> => {
      const ended = stateOf(await (await begun).ended);
      changeDate(fecha, { ...ended, endedAt: Date.now() });
    };
    toEnd().catch((error: unknown) => {
      log.warn(`${dag}/${fecha}: ${String(error)}`);
      changeDate(fecha, { state: 'failed', error: failureOf(error, []), endedAt: Date.now() });
    });
  };

  return {
    start: (fecha) => {
      changeDate(fecha, { state: 'running', startedAt: Date.now() });
      follow(fecha, untilDone(begin(fecha)));
    },
    rejoin: (fecha) => {
      const { runId, state: known } = dateOf(fecha) ?? {};
      const run = { workflowId: `${dag}/${fecha}`, held: known === 'held', ...(runId === undefined ? {} : { runId }) };
      follow(fecha, joinDateRun(run, onHeld(fecha)));
    },
    stopOwn: (who, why) => {
      for (const fecha of ownRuns(state())) void stop(fecha, who, why);
    },
    hear: ({ fecha, runId, held }) => {
      // Where the start of its run is not answered yet, its own word comes first.
      if ((dateOf(fecha)?.runId ?? runId) === runId) onHeld(fecha)(held);
    },
    areSettled: () => pending === 0,
  };
}

function stateOf(end: DateRunEnd): Pick<DateState, 'state' | 'computed' | 'error'> {
  if (end.outcome === 'cancelled') return { state: 'cancelled' };
  if (end.outcome === 'terminated') {
    return { state: 'failed', error: { type: 'Terminated', message: 'its run was terminated' } };
  }
  if (end.outcome === 'failed') return { state: 'failed', error: { type: end.type, message: end.headline } };
  const { computedTasks: computed } = end.summary;
  return { state: computed === 0 ? 'cached' : 'success', computed };
}
