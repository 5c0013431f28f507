import { BadConfig } from '../config/bad-config.js';
import type { WholeRun } from '../dag/explain-run.js';
import type { ObjectStore } from '../lake/object-store.js';
import { listRuns, readRun, readWholeRun } from '../lake/run-catalog.js';
import type { ListedRun } from '../lake/run-catalog.js';

/** Which run is to be explained, and beside which one. */
export interface ExplainRequest {
  readonly dag: string;
  readonly fecha: string;
  /** The newest of the date where it is left out. */
  readonly run?: string;
  /** A date or a run id; where it is left out, the newest earlier date with a run that succeeded. */
  readonly against?: string;
}

export interface ExplainedRuns {
  readonly whole: WholeRun;
  readonly against: WholeRun | undefined;
  /** Of the same date, before it, the newest first. */
  readonly earlier: readonly WholeRun[];
  /** Runs of the date, whichever. */
  readonly ofDate: number;
}

/** Runs of the date whose tasks are looked at for what was remembered. */
const EARLIER = 3;
/** Dates that are looked at for a run that succeeded. */
const DATES_BACK = 8;

/** Finds the runs by their records. Throws `BadConfig` where one that is named is not there. */
export async function runsToExplain(store: ObjectStore, request: ExplainRequest): Promise<ExplainedRuns> {
  const { dag, fecha, run, against } = request;
  const listed = await listRuns(store, { dag });
  const ofDate = listed.filter((one) => one.fecha === fecha);
  const chosen = run === undefined ? ofDate[0] : ofDate.find(({ runId }) => runId === run);
  if (chosen === undefined) throw noRun(store, request, listed, ofDate);
  const other =
    against === undefined ? await dateBefore(store, listed, fecha) : await said(store, listed, request, against);
  const earlier = ofDate.slice(ofDate.indexOf(chosen) + 1, ofDate.indexOf(chosen) + 1 + EARLIER);
  const [whole, beside, ...before] = await Promise.all([
    readWholeRun(store, chosen),
    other === undefined ? undefined : readWholeRun(store, other),
    ...earlier.map(async (one) => readWholeRun(store, one)),
  ]);
  return { whole, against: beside, earlier: before, ofDate: ofDate.length };
}

function noRun(
  store: ObjectStore,
  { dag, fecha, run }: ExplainRequest,
  listed: readonly ListedRun[],
  ofDate: readonly ListedRun[],
): BadConfig {
  if (run !== undefined && ofDate.length > 0) {
    const runs = ofDate.map(({ runId }) => runId).join(', ');
    return new BadConfig(`--run: Expected a run of ${dag} for ${fecha} (${runs}), got '${run}'`);
  }
  const dates = datesOf(listed).slice(0, SHOWN).join(', ');
  const others = dates === '' ? '' : `; the newest dates with one: ${dates}`;
  return new BadConfig(`No run of ${dag} for ${fecha} left a record in lake ${store.url}${others}`);
}

const SHOWN = 5;

/** Newest first. */
const datesOf = (listed: readonly ListedRun[]): string[] =>
  [...new Set(listed.flatMap(({ fecha }) => (fecha === null ? [] : [fecha])))].toSorted().toReversed();

/** The newest run that succeeded of the last date before that has one; else the newest run of the last date before. */
async function dateBefore(
  store: ObjectStore,
  listed: readonly ListedRun[],
  fecha: string,
): Promise<ListedRun | undefined> {
  const dates = datesOf(listed).filter((date) => date < fecha);
  for (const date of dates.slice(0, DATES_BACK)) {
    const good = await goodRun(store, listed, date);
    if (good !== undefined) return good;
  }
  return listed.find((run) => run.fecha === dates[0]);
}

async function goodRun(
  store: ObjectStore,
  listed: readonly ListedRun[],
  fecha: string,
): Promise<ListedRun | undefined> {
  for (const run of listed) {
    if (run.fecha === fecha && run.ended && (await readRun(store, run)).outcome === 'success') return run;
  }
  return undefined;
}

async function said(
  store: ObjectStore,
  listed: readonly ListedRun[],
  { dag }: ExplainRequest,
  against: string,
): Promise<ListedRun> {
  const found =
    listed.find(({ runId }) => runId === against) ??
    (await goodRun(store, listed, against)) ??
    listed.find(({ fecha }) => fecha === against);
  if (found !== undefined) return found;
  const dates = datesOf(listed).slice(0, SHOWN).join(', ');
  throw new BadConfig(`--against: Expected a date with a run of ${dag} (${dates}, …), or a run id, got '${against}'`);
}
