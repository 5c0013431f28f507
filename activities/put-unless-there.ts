import { keepKeys, lastSighting } from '../lake/keep-objects.js';
import type { ObjectStore } from '../lake/object-store.js';

/**
 * Whether the object held these very bytes; writes them where not. For what lies beside a table and belongs to a
 * partition: gc looks after the partition, so the table has to have the date by now.
 */
export async function putUnlessThere(store: ObjectStore, key: string, path: string): Promise<boolean> {
  const sighting = await lastSighting(store);
  const creation = await store.create(key, { path });
  if (creation === 'exists') await store.write(key, { path });
  // Copies of a date that the table had not may have been condemned before.
  const missing = await keepKeys(store, [key], sighting);
  if (missing.length > 0) await store.write(key, { path });
  return creation === 'same' && missing.length === 0;
}
