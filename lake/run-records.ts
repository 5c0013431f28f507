import { recordsOf } from '../dag/run-record.js';
import type { RunRecord, TaskRecord } from '../dag/run-record.js';
import type { ObjectStore } from './object-store.js';
import { readJson } from './read-json.js';

export const writeTaskRecord = async (store: ObjectStore, folder: string, record: TaskRecord): Promise<void> =>
  store.write(`${folder}/tasks/${record.task}.json`, JSON.stringify(record));

export const writeRunRecord = async (store: ObjectStore, folder: string, record: RunRecord): Promise<void> =>
  store.write(`${folder}/run.json`, JSON.stringify(record));

/**
 * Names what a run uses and no record of a task says yet, such as what an item of a map that is still at work gave: gc
 * leaves it alone as long as the run's records stay. `what` is the claim's own name, below the folder.
 */
export const writeClaim = async (store: ObjectStore, folder: string, what: string, output: unknown): Promise<void> =>
  store.write(`${folder}/claims/${what}.json`, JSON.stringify({ output }));

/** Only `writeTaskRecord` writes there, and stores show an object whole or not at all. */
export const readTaskRecord = async (
  store: ObjectStore,
  folder: string,
  task: string,
): Promise<TaskRecord | undefined> => (await readJson(store, `${folder}/tasks/${task}.json`)) as TaskRecord | undefined;

/** As above: what `writeRunRecord` wrote. */
export const readRunRecord = async (store: ObjectStore, folder: string): Promise<RunRecord | undefined> =>
  (await readJson(store, `${folder}/run.json`)) as RunRecord | undefined;

/** The tasks of a run that left a record, which is those that succeeded, also of a run that goes on or was killed. */
export async function recordedTasks(store: ObjectStore, folder: string): Promise<ReadonlySet<string>> {
  const prefix = `${folder}/tasks/`;
  const tasks = new Set<string>();
  for await (const { key } of store.list(prefix)) tasks.add(key.slice(prefix.length).replace(/\.json$/, ''));
  return tasks;
}

/** The folders of a date's runs, the one that wrote last first. */
export async function recordedRuns(store: ObjectStore, dag: string, fecha: string | null): Promise<readonly string[]> {
  const prefix = `${recordsOf(dag, fecha)}/`;
  const newest = new Map<string, number>();
  for await (const { key, modified } of store.list(prefix)) {
    const folder = prefix + key.slice(prefix.length).split('/')[0];
    newest.set(folder, Math.max(newest.get(folder) ?? 0, modified.getTime()));
  }
  return [...newest].toSorted(([, a], [, b]) => b - a).map(([folder]) => folder);
}
