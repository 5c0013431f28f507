import type { RunRecord } from '../../dag/run-record.js';
import { UnreadableRecord } from '../condemned.js';
import { namedKeys } from '../named-keys.js';
import type { ObjectInfo, ObjectStore } from '../object-store.js';
import { readJson } from '../read-json.js';
import { inLanes } from '../lanes.js';
import type { Roots } from './roots.js';

/** A run that left no record of its end may still be at work: a signal may be awaited, or an operator, for weeks. */
const UNFINISHED_MS = 30 * 86_400_000;

export interface RunRetention {
  readonly now: number;
  readonly runsMs: number;
}

/** Which records of runs stay, and which may go. */
export interface RunRecords {
  /** Objects of runs whose artifacts have to stay. */
  readonly retained: readonly ObjectInfo[];
  /** Of older runs, that what comes later still looks at. Their artifacts may go. */
  readonly newest: readonly ObjectInfo[];
  /** A run's own record is the last of its objects: what is left after a crash is still that of a run that ended. */
  readonly outdated: readonly ObjectInfo[];
}

interface RunFolder {
  readonly folder: string;
  readonly objects: ObjectInfo[];
  lastWrite: number;
  ended: boolean;
}

/** Sorts the records by the runs' last writes. Of every date the newest run stays, and the newest that succeeded. */
export async function sortRecords(
  store: ObjectStore,
  objects: readonly ObjectInfo[],
  { now, runsMs }: RunRetention,
): Promise<RunRecords> {
  const retained: ObjectInfo[] = [];
  const dates = new Map<string, Map<string, RunFolder>>();
  for (const info of objects) {
    const [runs, dag, fecha, run, ...rest] = info.key.split('/');
    // What is not of a run's form is somebody else's: nothing is known of when it may go.
    if (rest.length === 0) retained.push(info);
    else addTo(dates, [runs, dag, fecha].join('/'), `${runs}/${dag}/${fecha}/${run}`, info);
  }
  const newest: ObjectInfo[] = [];
  const outdated: ObjectInfo[] = [];
  await inLanes(dates.values(), async (runs) => {
    let [isNewest, succeeded] = [true, false];
    for (const run of [...runs.values()].toSorted((a, b) => b.lastWrite - a.lastWrite)) {
      const age = now - run.lastWrite;
      const isRetained = age < runsMs || (!run.ended && age < UNFINISHED_MS);
      const isFirstSuccess = !succeeded && run.ended && (await hasSucceeded(store, run.folder));
      (isRetained ? retained : isNewest || isFirstSuccess ? newest : outdated).push(...recordLast(run.objects));
      succeeded ||= isFirstSuccess;
      isNewest = false;
    }
  });
  return { retained, newest, outdated };
}

function addTo(dates: Map<string, Map<string, RunFolder>>, date: string, folder: string, info: ObjectInfo): void {
  const runs = dates.get(date) ?? new Map<string, RunFolder>();
  dates.set(date, runs);
  const run = runs.get(folder) ?? { folder, objects: [], lastWrite: 0, ended: false };
  runs.set(folder, run);
  run.objects.push(info);
  run.lastWrite = Math.max(run.lastWrite, info.modified.getTime());
  run.ended ||= info.key === `${folder}/run.json`;
}

const recordLast = (objects: readonly ObjectInfo[]): readonly ObjectInfo[] =>
  objects.toSorted((a, b) => Number(a.key.endsWith('/run.json')) - Number(b.key.endsWith('/run.json')));

const hasSucceeded = async (store: ObjectStore, folder: string): Promise<boolean> =>
  // Whatever is not written so is no success.
  ((await readRecord(store, `${folder}/run.json`)) as Partial<RunRecord> | null | undefined)?.outcome === 'success';

/** Adds what the records name. Throws `UnreadableRecord` where one cannot be read: what it names is not known. */
export async function addRunRoots(store: ObjectStore, records: readonly ObjectInfo[], roots: Roots): Promise<void> {
  const lists = new Map<string, Promise<readonly string[]>>();
  await inLanes(records, async ({ key }) => {
    if (!key.endsWith('.json')) return;
    roots.add(await namedKeys(store, await readRecord(store, key), lists), 'named by a run');
  });
}

/** `undefined` where it has gone since it was listed. */
async function readRecord(store: ObjectStore, key: string): Promise<unknown> {
  try {
    return await readJson(store, key);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UnreadableRecord(
      `Expected the record '${key}' in lake ${store.url} to be JSON, got something else: what it names is not known, so ` +
        'that nothing is removed. Bring it back, or move it out of the lake',
      { cause: error },
    );
  }
}
