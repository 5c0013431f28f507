import type { AuditEntry, TaskFailure } from './run-state.js';

/**
 * Where a date of a backfill stands. `running`: its run is at work, and takes a place. `held`: its run waits for an
 * operator, and its place is another's. `cached`: a success that computed nothing. `refused`: it cannot be run.
 */
export type DateStateName = 'waiting' | 'running' | 'held' | 'success' | 'cached' | 'failed' | 'cancelled' | 'refused';

export interface DateState {
  readonly state: DateStateName;
  readonly runId?: string;
  /** The run is not the backfill's own: it was at work when the date's turn came. */
  readonly joined?: boolean;
  /** Milliseconds since the epoch, by the backfill's clock. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** How many tasks were computed. */
  readonly computed?: number;
  readonly error?: TaskFailure;
  /** Of a refused date. */
  readonly why?: string;
}

/** What the `backfill` query answers with, and what one execution of the backfill's workflow hands to the next. */
export interface BackfillState {
  readonly dag: string;
  /** `segmentation/2017` */
  readonly id: string;
  /** In the order in which they start. */
  readonly dates: { readonly [fecha: string]: DateState };
  readonly maxRuns: number;
  readonly paused: boolean;
  /** Nothing more starts; the runs that it started are called off, or go on without it. */
  readonly stopped?: 'cancelling' | 'leaving';
  readonly audit: readonly AuditEntry[];
}

export function initialBackfill(
  id: string,
  plan: {
    readonly dag: string;
    readonly dates: readonly string[];
    readonly refused: { readonly [fecha: string]: string };
    readonly maxRuns: number;
  },
): BackfillState {
  const waiting = plan.dates.map((fecha) => [fecha, { state: 'waiting' }] as const);
  const refused = Object.entries(plan.refused).map(([fecha, why]) => [fecha, { state: 'refused', why }] as const);
  return {
    dag: plan.dag,
    id,
    dates: Object.fromEntries([...waiting, ...refused]),
    maxRuns: plan.maxRuns,
    paused: false,
    audit: [],
  };
}

export const withDate = (backfill: BackfillState, fecha: string, date: DateState): BackfillState => ({
  ...backfill,
  dates: { ...backfill.dates, [fecha]: date },
});

/** The dates in one of these states, in the backfill's order. */
export function datesIn({ dates }: BackfillState, ...states: readonly DateStateName[]): string[] {
  const found: string[] = [];
  // Called for every change of one of thousands of dates.
  for (const fecha in dates) if (states.includes(dates[fecha]?.state ?? 'waiting')) found.push(fecha);
  return found;
}

/** The dates whose turn it is: as many as there are places that no run at work takes. */
export function nextDates(backfill: BackfillState): readonly string[] {
  if (backfill.paused || backfill.stopped !== undefined) return [];
  const free = backfill.maxRuns - datesIn(backfill, 'running').length;
  return free > 0 ? datesIn(backfill, 'waiting').slice(0, free) : [];
}

/** Nothing is left to start or to wait for. Runs that are left alone are not waited for. */
export function isOver(backfill: BackfillState): boolean {
  if (backfill.stopped === 'leaving') return true;
  const own = backfill.stopped === 'cancelling' ? ownRuns(backfill) : datesIn(backfill, 'running', 'held', 'waiting');
  return own.length === 0;
}

/** The dates at work by runs that the backfill itself started. */
export const ownRuns = (backfill: BackfillState): string[] =>
  datesIn(backfill, 'running', 'held').filter((fecha) => backfill.dates[fecha]?.joined !== true);

export type DateCounts = { readonly [State in DateStateName]: number };

export function countDates({ dates }: BackfillState): DateCounts {
  const counts = { waiting: 0, running: 0, held: 0, success: 0, cached: 0, failed: 0, cancelled: 0, refused: 0 };
  for (const { state } of Object.values(dates)) counts[state] += 1;
  return counts;
}

/** `40 dates: 30 success, 2 cached, 1 failed, 4 running, 3 waiting` */
export function countsLine(backfill: BackfillState): string {
  const counts = Object.entries(countDates(backfill)).filter(([, count]) => count > 0);
  const dates = Object.keys(backfill.dates).length;
  const told = counts
    .toSorted(([a], [b]) => TOLD.indexOf(a) - TOLD.indexOf(b))
    .map(([state, count]) => `${count} ${state}`);
  return `${dates} ${dates === 1 ? 'date' : 'dates'}: ${told.join(', ')}`;
}

const TOLD: readonly string[] = ['success', 'cached', 'failed', 'cancelled', 'refused', 'held', 'running', 'waiting'];

export type BackfillOutcome = 'success' | 'failed' | 'cancelled';

/** A date that failed, or was cancelled in a backfill that was not, fails the backfill; one that is refused does not. */
export function backfillOutcome(backfill: BackfillState): BackfillOutcome {
  if (backfill.stopped !== undefined) return 'cancelled';
  return datesIn(backfill, 'failed', 'cancelled').length > 0 ? 'failed' : 'success';
}

const NAMED = 3;
const MESSAGE_LENGTH = 300;

/** `3 of 40 dates failed: 2017-03-06 (fitClusters failed: …), …`; what it says is there to be read in a list of runs. */
export function backfillHeadline(backfill: BackfillState): string {
  const failed = datesIn(backfill, 'failed');
  const cancelled = datesIn(backfill, 'cancelled');
  const all = Object.keys(backfill.dates).length;
  const told = failed.slice(0, NAMED).map((fecha) => {
    const { message = 'no message' } = backfill.dates[fecha]?.error ?? {};
    return `${fecha} (${message.length > MESSAGE_LENGTH ? `${message.slice(0, MESSAGE_LENGTH)}…` : message})`;
  });
  const more = failed.length > NAMED ? ` and ${failed.length - NAMED} more` : '';
  return [
    ...(failed.length === 0 ? [] : [`${failed.length} of ${all} dates failed: ${told.join(', ')}${more}`]),
    ...(cancelled.length === 0
      ? []
      : [`${cancelled.length} of ${all} dates were cancelled: ${cancelled.slice(0, NAMED).join(', ')}`]),
  ].join('; ');
}
