import { isArtifact } from '../dag/artifact.js';
import { isStoredList } from '../dag/stored-list.js';
import { readListPart } from './list-part.js';
import { isKey } from './object-store.js';
import type { ObjectStore } from './object-store.js';
import { ObjectNotFound } from './store-errors.js';

/**
 * The keys of every artifact that a value names: itself, its fields, and what the items of stored lists name. Lists are
 * read once for each `memory`; of one that is not there nobody can reach the items, so that it names itself alone. Throws
 * where a list is damaged: what it names cannot be known.
 */
export async function namedKeys(
  store: ObjectStore,
  value: unknown,
  memory = new Map<string, Promise<readonly string[]>>(),
): Promise<readonly string[]> {
  const keys = new Set<string>();
  const lists: Promise<readonly string[]>[] = [];
  const walk = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    if (isArtifact(part) && typeof part.uri === 'string' && isKey(part.uri)) keys.add(part.uri);
    if (isStoredList(part) && Array.isArray(part.parts)) {
      for (const list of part.parts) {
        const items = memory.get(list.uri) ?? itemKeys(list);
        memory.set(list.uri, items);
        lists.push(items);
      }
    }
    for (const field of Object.values(part)) walk(field);
  };
  const itemKeys = async (list: Parameters<typeof readListPart>[1]): Promise<readonly string[]> => {
    try {
      return await namedKeys(store, await readListPart(store, list), memory);
    } catch (error) {
      if (error instanceof ObjectNotFound) return [];
      throw error;
    }
  };
  walk(value);
  for (const found of await Promise.all(lists)) for (const key of found) keys.add(key);
  return [...keys];
}

/** Whether a value names any artifact. */
export function namesArtifacts(value: unknown): boolean {
  if (isArtifact(value)) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(namesArtifacts);
}
