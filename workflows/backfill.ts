import {
  ApplicationFailure,
  CancelledFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { z } from 'zod';
import { actOnBackfill } from '../dag/backfill-control.js';
import {
  backfillHeadline,
  backfillOutcome,
  countDates,
  countsLine,
  datesIn,
  initialBackfill,
  isOver,
  nextDates,
  ownRuns,
  withDate,
} from '../dag/backfill-state.js';
import type { BackfillState, DateCounts, DateState } from '../dag/backfill-state.js';
import { drawBackfill } from '../dag/draw-backfill.js';
import { schemaIssues } from '../dag/schema-issues.js';
import { backfillInput } from './backfill-input.js';
import type { BackfillInput } from './backfill-input.js';
import { heldSignal } from './backfill-signals.js';
import { acceptBackfillOperators } from './backfill-updates.js';
import { joinDateRun, startDateRun } from './date-run.js';
import type { DateRun, DateRunEnd } from './date-run.js';
import { failureOf } from './failure.js';
import { bringAboutCancellation } from './run-dag.js';
import { cut, timelineNote } from './standstill.js';
import type { RunActivities } from './task-call.js';

/** Every date's state; what the CLI shows while a backfill goes on. */
export const backfillQuery = defineQuery<BackfillState>('backfill');

export interface BackfillSummary {
  readonly dag: string;
  /** `segmentation/2017` */
  readonly id: string;
  readonly plan: string;
  /** `40 dates: 38 success, 2 cached` */
  readonly dates: string;
  readonly counts: DateCounts;
}

/** Type of the failure with which a backfill ends when dates did not succeed. */
const DATES_FAILED = 'DatesFailed';

/**
 * A date takes some twelve events: well below what the server warns of, and with room for the dates at work. Fewer would
 * cost more looks, since runs at work are joined again by the next execution.
 */
const LONG_HISTORY = 2_000;

const dagKey = defineSearchAttributeKey('Dag', 'KEYWORD');
const runKindKey = defineSearchAttributeKey('RunKind', 'KEYWORD');
const backfillKey = defineSearchAttributeKey('BackfillId', 'KEYWORD');

const { stopRun } = proxyActivities<Pick<RunActivities, 'stopRun'>>({ startToCloseTimeout: '30 seconds' });

/**
 * The Temporal workflow of a backfill: at most so many dates at a time, each the ordinary run of its date, which outlives
 * this execution. A date that is running already is followed instead of run twice. A date that fails stops no other; the
 * backfill fails at the end, and says which.
 */
export async function backfill(given: BackfillInput): Promise<BackfillSummary> {
  const { carried, ...plan } = parse(given);
  const { dag, id, params, options } = plan;
  let state = carried ?? initialBackfill(id, plan);
  if (carried === undefined) {
    upsertSearchAttributes([
      { key: dagKey, value: dag },
      { key: runKindKey, value: 'backfill' },
      { key: backfillKey, value: id },
    ]);
  }
  const note = timelineNote();
  let isDrawn = false;
  const change = (changed: BackfillState): void => {
    state = changed;
    isDrawn = false;
    note.show(standing(state));
  };
  /** Once for all that came together: of thousands of dates it takes some milliseconds. */
  const draw = (): void => {
    if (!isDrawn) setCurrentDetails(drawBackfill(state, Date.now()));
    isDrawn = true;
  };
  const changeDate = (fecha: string, changed: Partial<DateState>): void => {
    const before = state.dates[fecha];
    if (before !== undefined) change(withDate(state, fecha, { ...before, ...changed }));
  };
  const isAtWork = (fecha: string): boolean => ['running', 'held'].includes(state.dates[fecha]?.state ?? '');
  const onHeld = (fecha: string) => (held: boolean) => {
    if (isAtWork(fecha)) changeDate(fecha, { state: held ? 'held' : 'running' });
  };

  setHandler(backfillQuery, () => state, { description: "Every date's state" });
  setHandler(
    heldSignal,
    ({ fecha, runId, held }) => {
      // Where the start of its run is not answered yet, its own word comes first.
      if ((state.dates[fecha]?.runId ?? runId) === runId) onHeld(fecha)(held);
    },
    { description: 'A date waits for an operator, or goes on' },
  );
  let pending = 0;
  const pendingUntil = async <Result>(work: Promise<Result>): Promise<Result> => {
    pending += 1;
    return work.finally(() => (pending -= 1));
  };
  /** Also of a backfill that was itself cancelled. */
  const stopRuns = async (fechas: readonly string[], who: string, why: string): Promise<void> => {
    const runs = fechas.map((fecha) => ({ workflowId: `${dag}/${fecha}`, runId: state.dates[fecha]?.runId ?? '' }));
    const stops = CancellationScope.nonCancellable(async () =>
      Promise.allSettled(runs.map(async (run) => stopRun({ ...run, who, why }))),
    );
    await pendingUntil(stops);
  };
  const act: Parameters<typeof acceptBackfillOperators>[1] = (action, { who, why }) => {
    change(actOnBackfill(state, action, { who, why, at: Date.now() }));
    const started = ownRuns(state).filter((fecha) => state.dates[fecha]?.runId !== undefined);
    if (state.stopped === 'cancelling') void stopRuns(started, who, `backfill ${id} was cancelled: ${why}`);
  };
  acceptBackfillOperators(() => state, act);
  const root = CancellationScope.current();
  root.cancelRequested.catch(() => {
    const cancelled = { who: 'Temporal', why: 'the workflow was cancelled' };
    if (state.stopped === undefined) act({ do: 'cancel', keepRunning: false }, cancelled);
  });

  /** Starts the run of a date, or joins it, and follows it to its end. */
  const runDate = async (fecha: string): Promise<void> => {
    changeDate(fecha, { state: 'running', startedAt: Date.now() });
    const request = {
      dag,
      params: { ...params, fecha },
      options: { ...options, origin: { kind: 'backfill', backfill: id } },
      ...(options.priority === undefined ? {} : { priority: options.priority }),
      whenCallerEnds: 'ABANDON',
    } as const;
    const start = async (): Promise<DateRun> => {
      const run = await startDateRun(request, onHeld(fecha));
      changeDate(fecha, run.started ? { runId: run.runId } : { joined: true });
      const isLate = run.started && state.stopped === 'cancelling';
      if (isLate) await stopRuns([fecha], 'the backfill', `backfill ${id} was cancelled while it started`);
      return run;
    };
    const run = await pendingUntil(start());
    await follow(fecha, run);
  };
  const rejoin = async (fecha: string): Promise<void> => {
    const { runId, state: known } = state.dates[fecha] ?? {};
    const run = { workflowId: `${dag}/${fecha}`, held: known === 'held', ...(runId === undefined ? {} : { runId }) };
    await follow(fecha, await joinDateRun(run, onHeld(fecha)));
  };
  const follow = async (fecha: string, run: DateRun): Promise<void> => {
    const ended = stateOf(await run.ended);
    changeDate(fecha, { ...ended, endedAt: Date.now() });
  };
  const orFailed = async (fecha: string, work: Promise<void>): Promise<void> => {
    await work.catch((error: unknown) => {
      log.warn(`${dag}/${fecha}: ${String(error)}`);
      changeDate(fecha, { state: 'failed', error: failureOf(error, []), endedAt: Date.now() });
    });
  };

  const isLong = (): boolean => workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > LONG_HISTORY;
  const isSettled = (): boolean => pending === 0 && allHandlersFinished();

  return CancellationScope.nonCancellable(async () => {
    change(state);
    for (const fecha of datesIn(state, 'running', 'held')) void orFailed(fecha, rejoin(fecha));
    for (;;) {
      await condition(() => !isDrawn || isOver(state) || isLong() || nextDates(state).length > 0);
      draw();
      if (isOver(state)) break;
      if (isLong()) {
        // What is at work goes on without this execution, and the next one joins it.
        await condition(isSettled);
        if (!isOver(state)) await continueAsNew<typeof backfill>({ ...given, carried: state });
      }
      for (const fecha of nextDates(state)) void orFailed(fecha, runDate(fecha));
    }
    await condition(isSettled);
    note.end();
    return conclude(state, plan.plan, root);
  });
}

async function conclude(state: BackfillState, plan: string, root: CancellationScope): Promise<BackfillSummary> {
  const outcome = backfillOutcome(state);
  if (outcome === 'cancelled') {
    await bringAboutCancellation(root);
    throw new CancelledFailure(`The backfill ${state.id} was cancelled`);
  }
  if (outcome === 'failed') {
    throw ApplicationFailure.create({ message: backfillHeadline(state), type: DATES_FAILED, nonRetryable: true });
  }
  return { dag: state.dag, id: state.id, plan, dates: countsLine(state), counts: countDates(state) };
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

function standing({ paused, stopped, audit }: BackfillState): string {
  const who = cut(audit.at(-1)?.who ?? 'an operator');
  if (stopped !== undefined) return `CANCELLED by ${who}`;
  return paused ? `PAUSED by ${who}` : '';
}

function parse(given: unknown): z.output<typeof backfillInput> {
  const parsed = backfillInput.safeParse(given);
  if (parsed.success) return parsed.data;
  throw ApplicationFailure.create({
    message: `the plan of a backfill: ${schemaIssues(parsed.error).join('; ')}`,
    type: 'BadParameters',
    nonRetryable: true,
  });
}
