import type { WholeRun } from '../dag/explain-run.js';
import { recordedRun, isComplete } from '../dag/recorded-run.js';
import type { RecordedRun, RunName } from '../dag/recorded-run.js';
import { UNDATED, recordFolder } from '../dag/run-record.js';
import type { TaskRecord } from '../dag/run-record.js';
import { inLanes } from './lanes.js';
import type { ObjectStore } from './object-store.js';
import { readRunRecord, readTaskRecord } from './run-records.js';

/** A run that left records, as a listing shows it: nothing of it has been read. */
export interface ListedRun extends RunName {
  /** Whether it left the record of its end. */
  readonly ended: boolean;
  /** The tasks that left a record. */
  readonly tasks: readonly string[];
  /** When it wrote last. */
  readonly written: Date;
}

export interface RunsWanted {
  /** All DAGs where it is left out. */
  readonly dag?: string;
  /** Dates, both included. Runs without a date are shown where neither is said. */
  readonly from?: string;
  readonly to?: string;
}

/** The runs whose records lie in the lake, the one that wrote last first: one listing, however many they are. */
export async function listRuns(store: ObjectStore, wanted: RunsWanted): Promise<readonly ListedRun[]> {
  const runs = new Map<string, { name: RunName; ended: boolean; tasks: string[]; written: Date }>();
  for await (const { key, modified } of store.list(prefixOf(wanted))) {
    const parts = /^runs\/([^/]+)\/([^/]+)\/([^/]+)\/(?:(run)|tasks\/(.+))\.json$/.exec(key);
    const [, dag = '', date = '', runId = '', end, task] = parts ?? [];
    if (parts === null || !isWanted(date, wanted)) continue;
    const id = `${dag}/${date}/${runId}`;
    const name = { dag, fecha: date === UNDATED ? null : date, runId };
    const run = runs.get(id) ?? { name, ended: false, tasks: [], written: modified };
    runs.set(id, run);
    if (modified > run.written) run.written = modified;
    if (end !== undefined) run.ended = true;
    if (task !== undefined) run.tasks.push(task);
  }
  return (
    [...runs.values()]
      // Where a store's clock tells them not apart, Temporal's ids grow with time.
      .toSorted((a, b) => b.written.getTime() - a.written.getTime() || (a.name.runId < b.name.runId ? 1 : -1))
      .map(({ name, ...listed }) => ({ ...name, ...listed }))
  );
}

const isWanted = (date: string, { from, to }: RunsWanted): boolean =>
  (from === undefined && to === undefined) ||
  (date !== UNDATED && (from === undefined || date >= from) && (to === undefined || date <= to));

/** The longest that all keys begin with: of a range, what the two dates share. */
function prefixOf({ dag, from, to }: RunsWanted): string {
  if (dag === undefined) return 'runs/';
  if (from === undefined || to === undefined) return `runs/${dag}/`;
  if (from === to) return `runs/${dag}/${from}/`;
  let shared = 0;
  while (from[shared] === to[shared]) shared += 1;
  return `runs/${dag}/${from.slice(0, shared)}`;
}

/** Reads what a run left. */
export async function readRun(
  store: ObjectStore,
  { dag, fecha, runId, ended, tasks }: ListedRun,
): Promise<RecordedRun> {
  const name = { dag, fecha, runId };
  const folder = recordFolder(dag, fecha, runId);
  const record = ended ? await readRunRecord(store, folder) : undefined;
  const left = isComplete(record) ? [] : await readTaskRecords(store, folder, tasks);
  return recordedRun(name, record, left);
}

/** The records that the named tasks of a run left, in this order. */
export async function readTaskRecords(
  store: ObjectStore,
  folder: string,
  tasks: readonly string[],
): Promise<readonly TaskRecord[]> {
  const records = await inLanes(tasks, async (task) => readTaskRecord(store, folder, task), READS);
  return records.filter((record) => record !== undefined);
}

/** At once: on S3 each is a request. */
export const READS = 32;

/** The first `count` runs that match, read in the order of the listing, a few more than needed. */
export async function findRuns(
  store: ObjectStore,
  listed: readonly ListedRun[],
  count: number,
  read: (listed: ListedRun) => Promise<RecordedRun | undefined>,
): Promise<readonly RecordedRun[]> {
  const found: RecordedRun[] = [];
  for (let from = 0; from < listed.length && found.length < count; from += READS) {
    const some = listed.slice(from, from + READS);
    const runs = await inLanes(some, read, READS);
    found.push(...runs.filter((run) => run !== undefined));
  }
  return found.slice(0, count);
}

/** Reads what a run left, with the outputs of its tasks. */
export async function readWholeRun(store: ObjectStore, listed: ListedRun): Promise<WholeRun> {
  const folder = recordFolder(listed.dag, listed.fecha, listed.runId);
  const [record, left] = await Promise.all([
    listed.ended ? readRunRecord(store, folder) : undefined,
    readTaskRecords(store, folder, listed.tasks),
  ]);
  return {
    run: recordedRun(listed, record, left),
    records: new Map(left.map((task) => [task.task, task])),
  };
}
