import { resolveStored, storeList, storeLongLists } from '../lake/list-store.js';
import type { ObjectStore } from '../lake/object-store.js';
import { keepReferenced, lastSighting } from '../lake/keep-objects.js';
import { writeClaim, writeTaskRecord } from '../lake/run-records.js';
import type { Artifact } from '../dag/artifact.js';
import { isStoredList } from '../dag/stored-list.js';
import type { StoredList } from '../dag/stored-list.js';

export interface Gathering {
  /** The map. */
  readonly task: string;
  /** Items, after those of `parts`. */
  readonly values: readonly unknown[];
  readonly parts: readonly Artifact<'list'>[];
  /** Where in the whole list each of `values` comes, ascending, instead of after those of `parts`. */
  readonly places?: readonly number[];
  readonly store?: boolean;
  /** This is the map's whole output: the records in `record` get it. */
  readonly whole?: { readonly note: string; readonly cached: boolean; readonly startedAt: number };
}

/** Makes one list of what a map's items gave: itself where it is short, else a handle on it. */
export async function gatherItems(
  store: ObjectStore,
  record: string,
  { task, values, parts, places, store: inLake = false, whole }: Gathering,
): Promise<readonly unknown[] | StoredList> {
  const sighting = await lastSighting(store);
  const output =
    places === undefined ? await listOf(store, values, parts, inLake) : await inserted(store, values, parts, places);
  if (whole !== undefined) {
    const { note, cached, startedAt } = whole;
    const [started, endedAt] = [new Date(startedAt).toISOString(), new Date().toISOString()];
    await writeTaskRecord(store, record, { task, output, note, cached, attempts: 1, startedAt: started, endedAt });
  } else {
    // A part of the map's output: the records name it when the map is done.
    const [part] = isStoredList(output) ? output.parts : [];
    if (part !== undefined) await writeClaim(store, record, `${task}/list-${part.sha256}`, output);
  }
  await keepReferenced(store, output, sighting);
  return output;
}

async function inserted(
  store: ObjectStore,
  values: readonly unknown[],
  parts: readonly Artifact<'list'>[],
  places: readonly number[],
): Promise<StoredList> {
  const known = await resolveStored(store, { stored: 'list', count: 0, parts } satisfies StoredList);
  if (!Array.isArray(known)) throw new TypeError(`Expected a list in the lake, got ${typeof known}`);
  const all: unknown[] = known;
  for (const [i, value] of values.entries()) all.splice(places[i] ?? all.length, 0, value);
  return storeList(store, all);
}

async function listOf(
  store: ObjectStore,
  values: readonly unknown[],
  parts: readonly Artifact<'list'>[],
  inLake: boolean,
): Promise<readonly unknown[] | StoredList> {
  // Parts stay as they are where nothing is to be added and nothing asks for one list of them.
  if (values.length === 0 && parts.length > 0 && !inLake) {
    return { stored: 'list', count: parts.reduce((sum, { rows }) => sum + rows, 0), parts };
  }
  // An item's own output may hold a stored list: the list of items is stored as it is.
  if (inLake || parts.length > 0) return storeList(store, values, parts);
  return (await storeLongLists(store, values)) as readonly unknown[] | StoredList;
}
