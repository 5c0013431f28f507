import type { ObjectStore } from './object-store.js';
import { ObjectNotFound } from './store-errors.js';

/** What a JSON object holds; `undefined` where there is none. Stores show an object whole or not at all. */
export async function readJson(store: ObjectStore, key: string): Promise<unknown> {
  try {
    return JSON.parse(Buffer.from(await store.read(key)).toString('utf8')) as unknown;
  } catch (error) {
    if (error instanceof ObjectNotFound) return undefined;
    throw error;
  }
}

/** What a text says as JSON; `undefined` where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
