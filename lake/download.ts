import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { boundCache, PARTIAL } from './bounded-cache.js';
import type { CacheBound } from './bounded-cache.js';
import type { ObjectStore } from './object-store.js';

/** What the bytes have to be: without a match nothing is kept. */
export interface Expected {
  readonly bytes: number;
  readonly sha256?: string;
  /** The object's, by a listing: its bytes are of that state only if it still has it afterwards. */
  readonly etag?: string;
}

/**
 * Copies an object to a file of a cache's folder, atomically and only if its bytes are the ones expected; then keeps the
 * folder within its bound. Any number of processes may download the same object at once.
 */
export async function download(
  store: ObjectStore,
  key: string,
  path: string,
  expected: Expected,
  bound?: CacheBound,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}${PARTIAL}`;
  const hash = createHash('sha256');
  let bytes = 0;
  const tee = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  try {
    // On disk before it has its name: a copy is later believed by its size.
    await pipeline(await store.stream(key), tee, createWriteStream(partial, { flush: true }));
    if (bytes !== expected.bytes) throw differs(store, key, `${expected.bytes} bytes`, `${bytes}`);
    const sha256 = hash.digest('hex');
    if (expected.sha256 !== undefined && sha256 !== expected.sha256) {
      throw differs(store, key, `the SHA-256 ${expected.sha256}`, sha256);
    }
    if (expected.etag !== undefined && (await store.head(key))?.etag !== expected.etag) {
      throw differs(store, key, 'the state that was listed', 'another: it changed meanwhile');
    }
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
  await boundCache(dirname(path), bound);
}

/** An ordinary error: a transfer may have broken, and a source may have settled by the next try. */
const differs = (store: ObjectStore, key: string, expected: string, got: string): Error =>
  new Error(`Expected '${key}' in lake ${store.url} to have ${expected}, got ${got}`);
