import { createHash } from 'node:crypto';
import type { Artifact } from '../dag/artifact.js';
import type { ObjectStore } from './object-store.js';

/** What lies at a stored list's place is not what was stored. */
export class DamagedList extends Error {
  override readonly name = 'DamagedList';
}

/** The items in one part of a stored list. Throws `ObjectNotFound` or `DamagedList`. */
export async function readListPart(store: ObjectStore, { uri, sha256 }: Artifact<'list'>): Promise<unknown[]> {
  const bytes = await store.read(uri);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new DamagedList(
      `Expected the list at '${uri}' in lake ${store.url} to have the hash of its name: it is damaged`,
    );
  }
  // Only `storeList` writes there, and the hash holds: it is what was written.
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown[];
}
