import { createHash } from 'node:crypto';
import { isArtifact } from '../dag/artifact.js';
import type { Artifact } from '../dag/artifact.js';
import { isStoredItem, isStoredList } from '../dag/stored-list.js';
import type { StoredList } from '../dag/stored-list.js';
import { artifactExists } from './artifact-store.js';
import { DamagedList, readListPart } from './list-part.js';
import type { ObjectStore } from './object-store.js';
import { ObjectNotFound } from './store-errors.js';

/** Puts values into the lake as one list, after the items of other stored lists. */
export async function storeList(
  store: ObjectStore,
  values: readonly unknown[],
  before: readonly Artifact<'list'>[] = [],
): Promise<StoredList> {
  const all = before.length === 0 ? values : [...(await readParts(store, before)), ...values];
  const text = JSON.stringify(all);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const uri = `artifacts/list/${sha256}.json`;
  if ((await store.create(uri, text)) === 'exists') await store.write(uri, text);
  const bytes = Buffer.byteLength(text);
  return {
    stored: 'list',
    count: all.length,
    parts: [{ kind: 'list', uri, sha256, bytes, rows: all.length, schema: [] }],
  };
}

/** The value with every stored list in it, at any depth, replaced by its items, and every stored item by itself. */
export async function resolveStored(store: ObjectStore, value: unknown): Promise<unknown> {
  // Items of a stored list may hold stored lists of their own.
  if (isStoredList(value)) return resolveStored(store, await readParts(store, value.parts));
  if (isStoredItem(value)) return resolveStored(store, (await readParts(store, value.of.parts))[value.item]);
  if (Array.isArray(value)) return Promise.all(value.map(async (item) => resolveStored(store, item)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(
    async ([name, field]) => [name, await resolveStored(store, field)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/**
 * An artifact that the value names and that is not in the lake, also one that an item of a stored list names, or a
 * stored list that is damaged; `undefined` where all is there.
 */
export async function missingArtifact(store: ObjectStore, value: unknown): Promise<Artifact | undefined> {
  if (isArtifact(value)) return (await artifactExists(store, value)) ? undefined : value;
  if (typeof value !== 'object' || value === null) return undefined;
  const missing = await Promise.all(Object.values(value).map(async (field) => missingArtifact(store, field)));
  const first = missing.find((artifact) => artifact !== undefined);
  if (first !== undefined || !isStoredList(value)) return first;
  for (const part of value.parts) {
    const items = await readParts(store, [part]).catch((error: unknown) => {
      if (error instanceof DamagedList || error instanceof ObjectNotFound) return undefined;
      throw error;
    });
    const within = items === undefined ? part : await missingArtifact(store, items);
    if (within !== undefined) return within;
  }
  return undefined;
}

async function readParts(store: ObjectStore, parts: readonly Artifact<'list'>[]): Promise<unknown[]> {
  return (await Promise.all(parts.map(async (part) => readListPart(store, part)))).flat();
}

/** Lists above this size go into the lake: several of them have to fit into one payload. */
const LIST_LIMIT = 4 * 1024;

/** A task's output with its long lists, itself or its fields, replaced by handles. */
export async function storeLongLists(store: ObjectStore, output: unknown): Promise<unknown> {
  if (Array.isArray(output)) return isLong(output) ? storeList(store, output) : output;
  if (typeof output !== 'object' || output === null || !isLong(output)) return output;
  const entries = Object.entries(output).map(async ([name, field]): Promise<[string, unknown]> => [
    name,
    Array.isArray(field) && isLong(field) ? await storeList(store, field) : field,
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

const isLong = (value: unknown): boolean => Buffer.byteLength(JSON.stringify(value)) > LIST_LIMIT;
