import { DamagedList } from '../list-part.js';
import { namedKeys } from '../named-keys.js';
import type { ObjectInfo, ObjectStore } from '../object-store.js';
import { readJson } from '../read-json.js';
import { inLanes } from '../lanes.js';
import type { Retention } from './survey.js';

/**
 * Remembered results that nobody can take any more, because something that they name is gone, or that name nothing and
 * are older than the retention. Losing one costs a computation, so that these go without a handshake.
 */
export async function staleEntries(
  store: ObjectStore,
  entries: readonly ObjectInfo[],
  { now, runsMs, graceMs }: Retention,
  isGone: (key: string) => Promise<boolean>,
): Promise<readonly ObjectInfo[]> {
  const stale: ObjectInfo[] = [];
  const lists = new Map<string, Promise<readonly string[]>>();
  await inLanes(entries, async (entry) => {
    const age = now - entry.modified.getTime();
    if (age < graceMs) return;
    const keys = await keysOf(store, entry.key, lists);
    if (keys === 'gone') return;
    const isStale = keys === 'damaged' || (keys.length === 0 ? age >= runsMs : await anyGone(keys, isGone));
    if (isStale) stale.push(entry);
  });
  return stale;
}

async function anyGone(keys: readonly string[], isGone: (key: string) => Promise<boolean>): Promise<boolean> {
  for (const key of keys) if (await isGone(key)) return true;
  return false;
}

async function keysOf(
  store: ObjectStore,
  key: string,
  lists: Map<string, Promise<readonly string[]>>,
): Promise<readonly string[] | 'gone' | 'damaged'> {
  try {
    const entry = await readJson(store, key);
    return entry === undefined ? 'gone' : await namedKeys(store, entry, lists);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DamagedList) return 'damaged';
    throw error;
  }
}
