import { z } from 'zod';
import { PermanentError } from '../dag/permanent-error.js';
import type { ObjectStore } from './object-store.js';
import { readJson } from './read-json.js';

/**
 * What gc means to remove, published a grace period before. Objects are judged in batches, so that a verdict costs little
 * an object.
 */
export interface Condemnation {
  readonly id: string;
  /** By the store's clock, in ISO 8601. */
  readonly at: string;
  readonly batches: readonly (readonly string[])[];
}

/**
 * The one open condemnation. Only the gc that holds the lease writes it. It is never removed: where nothing is condemned
 * it says so under a new id, so that whoever looks twice sees whether anything was condemned in between.
 */
export const CONDEMNED_KEY = 'gc/condemned.json';

export const VERDICTS = 'gc/verdicts/';

/** Created once a batch: by a gc that is about to remove it, or by a run that needs something of it. The first one wins. */
export const verdictKey = (id: string, batch: number): string => `${VERDICTS}${id}/${batch}.json`;

/** Written after a batch's objects are removed: from then on nobody removes anything of it, and it may be written anew. */
export const doneKey = (id: string, batch: number): string => `${VERDICTS}${id}/${batch}.done`;

/** What gc or a record says cannot be understood: gc stops before it removes anything. */
export class UnreadableRecord extends PermanentError {
  override readonly name = 'UnreadableRecord';
}

const condemnation = z.object({ id: z.string(), at: z.iso.datetime(), batches: z.array(z.array(z.string())) });
const verdict = z.object({ verdict: z.enum(['remove', 'keep']), by: z.string() });
export type Verdict = z.infer<typeof verdict>;

export const readCondemned = async (store: ObjectStore): Promise<Condemnation | undefined> =>
  readObject(store, CONDEMNED_KEY, condemnation);

/** Whose verdict holds: ours, where nobody was first. */
export async function contest(
  store: ObjectStore,
  id: string,
  batch: number,
  ours: Verdict,
): Promise<Verdict & { readonly won: boolean }> {
  const key = verdictKey(id, batch);
  if ((await store.create(key, JSON.stringify(ours))) !== 'exists') return { ...ours, won: true };
  const theirs = await readObject(store, key, verdict);
  // It was cleaned away since: the condemnation is over, and so is every removal of it.
  return theirs === undefined ? { verdict: 'keep', by: 'nobody', won: false } : { ...theirs, won: false };
}

async function readObject<Value>(
  store: ObjectStore,
  key: string,
  schema: { parse(value: unknown): Value },
): Promise<Value | undefined> {
  try {
    const read = await readJson(store, key);
    return read === undefined ? undefined : schema.parse(read);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    throw new UnreadableRecord(
      `Expected '${key}' in lake ${store.url} to be what gc wrote, got something else: remove it, and run gc again`,
      { cause: error },
    );
  }
}
