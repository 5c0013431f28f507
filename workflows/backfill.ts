import {
  ApplicationFailure,
  CancelledFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
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
} from '../dag/backfill-state.js';
import type { BackfillState, DateCounts } from '../dag/backfill-state.js';
import { drawBackfill } from '../dag/draw-backfill.js';
import { backfillInput } from './backfill-input.js';
import type { BackfillInput } from './backfill-input.js';
import { dateRuns } from './backfill-runs.js';
import type { LiveBackfill } from './backfill-runs.js';
import { heldSignal } from './backfill-signals.js';
import { acceptBackfillOperators } from './backfill-updates.js';
import { refusing } from './refusing.js';
import { bringAboutCancellation } from './run-dag.js';
import { backfillKey, dagKey, runKindKey } from './search-attributes.js';
import { cut, timelineNote } from './standstill.js';

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
 * A date takes some six events: well below what the server warns of, and quickly replayed. Shorter histories would cost
 * more looks, since the next execution has to join the runs at work.
 */
const LONG_HISTORY = 2_000;

/**
 * The Temporal workflow of a backfill: at most so many dates at a time, each the ordinary run of its date, which outlives
 * this execution. A date that is running already is followed instead of run twice. A date that fails stops no other; the
 * backfill fails at the end, and says which.
 */
export async function backfill(given: BackfillInput): Promise<BackfillSummary> {
  const { carried, ...plan } = refusing('the plan of a backfill', () => backfillInput.parse(given));
  const { dag, id } = plan;
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
  const live: LiveBackfill = {
    state: () => state,
    change: (changed) => {
      state = changed;
      isDrawn = false;
      note.show(standing(state));
    },
  };
  /** Once for all that came together: of thousands of dates it takes some milliseconds. */
  const draw = (): void => {
    if (!isDrawn) setCurrentDetails(drawBackfill(state, Date.now()));
    isDrawn = true;
  };
  const runs = dateRuns(plan, live);
  const act: Parameters<typeof acceptBackfillOperators>[1] = (action, { who, why }) => {
    live.change(actOnBackfill(state, action, { who, why, at: Date.now() }));
    if (state.stopped === 'cancelling') runs.stopOwn(who, why);
  };
  setHandler(backfillQuery, () => state, { description: "Every date's state" });
  setHandler(heldSignal, runs.hear, { description: 'A date waits for an operator, or goes on' });
  acceptBackfillOperators(live.state, act);
  const root = CancellationScope.current();
  root.cancelRequested.catch(() => {
    const cancelled = { who: 'Temporal', why: 'the workflow was cancelled' };
    if (state.stopped === undefined) act({ do: 'cancel', keepRunning: false }, cancelled);
  });

  const isLong = (): boolean => workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > LONG_HISTORY;
  const isSettled = (): boolean => runs.areSettled() && allHandlersFinished();

  return CancellationScope.nonCancellable(async () => {
    live.change(state);
    for (const fecha of datesIn(state, 'running', 'held')) runs.rejoin(fecha);
    for (;;) {
      await condition(() => !isDrawn || isOver(state) || isLong() || nextDates(state).length > 0);
      draw();
      if (isOver(state)) break;
      if (isLong()) {
        // What is at work goes on without this execution, and the next one joins it.
        await condition(isSettled);
        if (!isOver(state)) await continueAsNew<typeof backfill>({ ...given, carried: state });
      }
      for (const fecha of nextDates(state)) runs.start(fecha);
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

function standing({ paused, stopped, audit }: BackfillState): string {
  const who = cut(audit.at(-1)?.who ?? 'an operator');
  if (stopped !== undefined) return `CANCELLED by ${who}`;
  return paused ? `PAUSED by ${who}` : '';
}
