import { expect } from 'vitest';
import type { ObjectStore } from '../../lake/object-store.js';
import { FailingStore } from './failing-store.js';
import { FOLDER } from './table-objects.js';

/** Stores that let `publishers` go on to create their first object only when all of them have read the log. */
export function gateAfterReading(publishers: number, version: number): (store: ObjectStore) => ObjectStore {
  let waiting = publishers;
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return (store) => {
    let passed = false;
    const gated = new FailingStore(store);
    const create = gated.create.bind(gated);
    gated.create = async (key, body) => {
      if (!passed) {
        passed = true;
        waiting -= 1;
        if (waiting === 0) open();
        await opened;
        expect(key, `the log is read up to ${version}, then the file is made`).toContain(FOLDER);
      }
      return create(key, body);
    };
    return gated;
  };
}
