import { randomUUID } from 'node:crypto';
import { CONDEMNED_KEY, contest, doneKey, readCondemned } from './condemned.js';
import { namedKeys } from './named-keys.js';
import type { ObjectStore } from './object-store.js';

/**
 * Gc is removing what the task wants to use. An ordinary error: the next attempt comes after it is done, and makes the
 * object anew.
 */
export class BeingRemoved extends Error {
  override readonly name = 'BeingRemoved';
}

/** What gc had condemned at a moment. */
export interface Sighting {
  /** Differs from that of every other condemnation. */
  readonly etag: string;
  readonly id: string;
  /** In which batch a condemned object is. */
  readonly batchOf: ReadonlyMap<string, number>;
}

const NOTHING: Sighting = { etag: '', id: '', batchOf: new Map() };

const seen = new WeakMap<ObjectStore, Sighting>();

/** Names this process in verdicts. */
const who = `run ${process.pid} ${randomUUID()}`;

/**
 * What this process saw last, or now where it has not looked yet. Take it before you look whether an object is there, and
 * hand it to `keepReferenced` or `keepKeys` after your reference to it is in the lake.
 */
export const lastSighting = async (store: ObjectStore): Promise<Sighting> => seen.get(store) ?? look(store);

/** One request, and another where something was condemned since. */
async function look(store: ObjectStore): Promise<Sighting> {
  const known = seen.get(store) ?? NOTHING;
  const etag = (await store.head(CONDEMNED_KEY))?.etag ?? '';
  const now = etag === known.etag ? known : await read(store, etag);
  seen.set(store, now);
  return now;
}

async function read(store: ObjectStore, etag: string): Promise<Sighting> {
  const condemned = etag === '' ? undefined : await readCondemned(store);
  if (condemned === undefined) return NOTHING;
  // It may be a newer one than the etag is of: then the next look reads it again, which is all that happens.
  const { id, batches } = condemned;
  return { etag, id, batchOf: new Map(batches.flatMap((keys, batch) => keys.map((key) => [key, batch] as const))) };
}

/**
 * Sees to it that everything a value names stays in the lake. To be called after a record, a commit or another root that
 * names it is there: gc looks at those after it has condemned, and this looks at what is condemned after they are there,
 * so that one of the two always sees the other, however long either is held up. Throws `BeingRemoved` where gc was first.
 */
export async function keepReferenced(store: ObjectStore, value: unknown, since: Sighting): Promise<void> {
  const now = await look(store);
  if (now.etag === since.etag && now.batchOf.size === 0) return;
  const keys = await namedKeys(store, value);
  const missing = await keepSeen(store, keys, since, now);
  if (missing.length === 0) return;
  throw new BeingRemoved(
    `Expected '${missing[0]}' in lake ${store.url}, which gc has removed as unused meanwhile: it is made anew`,
  );
}

/** As `keepReferenced`, of objects by their keys; gives those that are gone. */
export async function keepKeys(
  store: ObjectStore,
  keys: readonly string[],
  since: Sighting,
): Promise<readonly string[]> {
  return keepSeen(store, keys, since, await look(store));
}

async function keepSeen(
  store: ObjectStore,
  keys: readonly string[],
  since: Sighting,
  now: Sighting,
): Promise<readonly string[]> {
  const batches = new Set(keys.flatMap((key) => now.batchOf.get(key) ?? []));
  for (const batch of batches) await keepBatch(store, now.id, batch);
  // Another condemnation may have come to its end between the two looks.
  const unsure = now.etag === since.etag ? keys.filter((key) => now.batchOf.has(key)) : keys;
  const heads = await Promise.all(unsure.map(async (key) => ((await store.head(key)) === undefined ? [key] : [])));
  return heads.flat();
}

async function keepBatch(store: ObjectStore, id: string, batch: number): Promise<void> {
  const { verdict, by } = await contest(store, id, batch, { verdict: 'keep', by: who });
  if (verdict === 'keep') return;
  if ((await store.head(doneKey(id, batch))) !== undefined) return;
  throw new BeingRemoved(
    `Expected to keep what gc has condemned in lake ${store.url}, but ${by} is removing it: trying again after that. ` +
      'Where that gc was killed, the next one ends its work: run `segmenta gc`',
  );
}
