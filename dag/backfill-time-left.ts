import { datesIn } from './backfill-state.js';
import type { BackfillState } from './backfill-state.js';

/** The newest so many finished dates are what the coming ones are judged by: what is cached often comes in a row. */
const JUDGED_BY = 20;

/**
 * Milliseconds until the last date ends, by the mean of those that finished: rough, and better the more have. `undefined`
 * where none has, or where it is an operator's turn. Dates that are held are not waited for in it.
 */
export function timeLeft(backfill: BackfillState, now: number): number | undefined {
  if (backfill.paused || backfill.stopped !== undefined) return undefined;
  const newest = newestEnds(backfill);
  if (newest.length === 0) return undefined;
  const mean = newest.reduce((sum, { took }) => sum + took, 0) / newest.length;
  const running = datesIn(backfill, 'running').map((fecha) => {
    const { startedAt = now } = backfill.dates[fecha] ?? {};
    return Math.max(0, mean - (now - startedAt));
  });
  const waiting = datesIn(backfill, 'waiting').length;
  const work = waiting * mean + running.reduce((sum, left) => sum + left, 0);
  const lanes = Math.max(1, Math.min(backfill.maxRuns, waiting + running.length));
  return Math.round(Math.max(work / lanes, ...running, waiting > 0 ? mean : 0));
}

/** Finished dates, the newest so many. */
function newestEnds({ dates }: BackfillState): readonly { readonly endedAt: number; readonly took: number }[] {
  let newest: { endedAt: number; took: number }[] = [];
  const cut = (): void => {
    newest = newest.toSorted((a, b) => b.endedAt - a.endedAt).slice(0, JUDGED_BY);
  };
  for (const fecha in dates) {
    const { state, startedAt, endedAt } = dates[fecha] ?? {};
    const counts = state === 'success' || state === 'cached' || state === 'failed';
    if (!counts || startedAt === undefined || endedAt === undefined) continue;
    // One pass with few to compare: this is drawn for every change of one of thousands of dates.
    newest.push({ endedAt, took: endedAt - startedAt });
    if (newest.length > 2 * JUDGED_BY) cut();
  }
  cut();
  return newest;
}

/** `about 3 min`, for people. */
export function roughly(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 60) return `about ${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `about ${minutes} min` : `about ${(minutes / 60).toFixed(1)} h`;
}
