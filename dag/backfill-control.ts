import { datesIn, withDate } from './backfill-state.js';
import type { BackfillState } from './backfill-state.js';
import type { Operator } from './run-control.js';

/** What an operator can do to a backfill that goes on. */
export type BackfillAction =
  /** `pause`: no more dates start; what runs goes on. */
  | { readonly do: 'pause' }
  | { readonly do: 'resume' }
  /** The runs that it started are cancelled, or left to go on; those that others started are left alone. */
  | { readonly do: 'cancel'; readonly keepRunning: boolean }
  | { readonly do: 'resize'; readonly maxRuns: number };

/** More runs at once than a worker has use for, and than an own history could follow. */
export const MOST_RUNS = 100;

/** `resize to 8`: as the audit has it. */
export function describeBackfillAction(action: BackfillAction): string {
  if (action.do === 'resize') return `resize to ${action.maxRuns}`;
  return action.do === 'cancel' && action.keepRunning ? 'cancel, keeping what runs' : action.do;
}

/** Why an action cannot be taken now, for people; `undefined` where it can. */
export function backfillRefusal(backfill: BackfillState, action: BackfillAction): string | undefined {
  const { paused, stopped, maxRuns } = backfill;
  // Who waits for runs that do not end may still leave them.
  const leaves = action.do === 'cancel' && action.keepRunning && stopped === 'cancelling';
  if (stopped !== undefined && !leaves) return 'it is being cancelled';
  if (action.do === 'pause') return paused ? 'it is paused already' : undefined;
  if (action.do === 'resume') return paused ? undefined : 'it is not paused';
  if (action.do !== 'resize') return undefined;
  if (!Number.isInteger(action.maxRuns) || action.maxRuns < 1 || action.maxRuns > MOST_RUNS)
    return `Expected max runs to be 1..${MOST_RUNS}, got ${action.maxRuns}`;
  return action.maxRuns === maxRuns ? `it runs ${maxRuns} dates at once already` : undefined;
}

/** The backfill after an action that is not refused. */
export function actOnBackfill(
  backfill: BackfillState,
  action: BackfillAction,
  operator: Operator & { readonly at: number },
): BackfillState {
  const audit = [...backfill.audit, { ...operator, action: describeBackfillAction(action) }];
  const told = { ...backfill, audit };
  if (action.do === 'pause' || action.do === 'resume') return { ...told, paused: action.do === 'pause' };
  if (action.do === 'resize') return { ...told, maxRuns: action.maxRuns };
  const stopped: BackfillState = { ...told, stopped: action.keepRunning ? 'leaving' : 'cancelling' };
  return datesIn(stopped, 'waiting').reduce((state, fecha) => withDate(state, fecha, { state: 'cancelled' }), stopped);
}
