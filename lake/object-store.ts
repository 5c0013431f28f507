import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { InvalidKey } from './store-errors.js';

/** What to store: bytes, text (written as UTF-8), or the path of a local file, which is streamed and must not change meanwhile. */
export type Body = Uint8Array | string | { readonly path: string };

export interface ObjectInfo {
  readonly key: string;
  readonly bytes: number;
  /** Changes whenever the bytes may have changed. Comparable only with other etags of the same key in the same store. */
  readonly etag: string;
  readonly modified: Date;
}

/** What a writer left that was killed. */
export interface Leftover {
  readonly kind: 'unfinished writes' | 'empty folders';
  readonly name: string;
  readonly bytes: number;
}

/**
 * What `create` found: `created`, no object was there and now ours is; `same`, an object with exactly these bytes is there,
 * be it another writer's or our own from a try whose answer was lost; `exists`, other bytes are there, and were left alone.
 */
export type Creation = 'created' | 'same' | 'exists';

/**
 * A flat map from keys to immutable byte strings, in a local folder or an S3 bucket.
 *
 * Keys are `/`-separated, relative, with no empty, `.` or `..` segment, backslash or control character; others throw `InvalidKey`.
 * A failure that no retry cures (credentials, permissions, a missing bucket) throws `LakeAccess`, every other one `LakeUnavailable`;
 * both name the lake, the operation and the key. Readers see an object whole, before or after a write, never between.
 */
export interface ObjectStore {
  /** `file:///…` or `s3://bucket/prefix`, without a trailing slash. */
  readonly url: string;

  /** `undefined` where no object has this key. */
  head(key: string): Promise<ObjectInfo | undefined>;

  /**
   * All objects whose key starts with `prefix`, also where that ends inside a segment, in byte order of the UTF-8 keys.
   * `''` lists everything. Unfinished writes are never listed. Keys up to and including `after` are spared, as far as the
   * store can: a caller passes over those that come all the same.
   */
  list(prefix: string, after?: string): AsyncIterable<ObjectInfo>;

  /** The whole object. Throws `ObjectNotFound`. */
  read(key: string): Promise<Uint8Array>;

  /** The object as a byte stream. Rejects with `ObjectNotFound` before any byte flows. */
  stream(key: string): Promise<Readable>;

  /** Stores the body unless an object has this key. Of any number of concurrent calls with different bodies, one is told `created`. */
  create(key: string, body: Body): Promise<Creation>;

  /** Stores the body, replacing what was there. */
  write(key: string, body: Body): Promise<void>;

  /** Removes the object; nothing happens where there is none. */
  remove(key: string): Promise<void>;

  /** Where the object's bytes are, or would be, as a local file to be opened without copying; `undefined` where they are not local. */
  localPath(key: string): string | undefined;

  /**
   * Removes (or only tells, in a dry run) what is no object and nobody works on any more: unfinished writes begun before
   * this moment, and empty folders below these prefixes that have been so since. A writer that is hit all the same starts
   * over.
   */
  sweep?(before: Date, prefixes: readonly string[], dryRun: boolean): Promise<readonly Leftover[]>;

  /** Throws `LakeAccess` or `LakeUnavailable` where this lake cannot be listed, written and read. Leaves nothing behind. */
  probe(): Promise<void>;
}

/** Unfinished and probing writes live in a folder of this name, which no key may contain and no listing shows. */
export const TEMPORARY_SEGMENT = '.segmenta-tmp';

function keyFault(key: string): string | undefined {
  if (key === '') return 'it is empty';
  // XML 1.0, the language of S3 listings, cannot carry them.
  for (let i = 0; i < key.length; i++) if (key.charCodeAt(i) < 0x20) return 'it holds a control character';
  if (key.includes('\\')) return 'it holds a backslash';
  for (const segment of key.split('/')) {
    if (segment === '') return 'a segment is empty';
    if (segment === '.' || segment === '..') return `a segment is '${segment}'`;
    if (segment === TEMPORARY_SEGMENT) return `'${TEMPORARY_SEGMENT}' is reserved for unfinished writes`;
  }
  return undefined;
}

/** Whether a listed name can be a key: lakes also hold folder markers and other people's oddities. */
export const isKey = (name: string): boolean => keyFault(name) === undefined;

/** Throws `InvalidKey` unless `key` is one. */
export function checkKey(store: string, key: string): void {
  const fault = keyFault(key);
  if (fault !== undefined) {
    throw new InvalidKey(
      `Expected a key such as 'table/fecha_modelo=2026-11-16/part-1.parquet' in lake ${store}, got ${JSON.stringify(key)}: ${fault}`,
    );
  }
}

/** Size in bytes. A body whose file is missing throws here, before the lake is touched, so that it is not taken for a missing lake. */
export async function bodySize(body: Body): Promise<number> {
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (body instanceof Uint8Array) return body.byteLength;
  const found = await stat(body.path).catch((cause: unknown) => {
    throw new Error(`Expected a readable file to store, got '${body.path}'`, { cause });
  });
  if (!found.isFile()) throw new Error(`Expected a file to store, got '${body.path}', which is not one`);
  return found.size;
}

export const bodyChunks = (body: Body): AsyncIterable<Uint8Array> | Iterable<Uint8Array> =>
  typeof body === 'string' ? [Buffer.from(body)] : body instanceof Uint8Array ? [body] : createReadStream(body.path);

async function digest(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

/** Whether a stored object holds exactly the body's bytes. Reads neither where the sizes already tell. */
export async function holdsBody(
  body: Body,
  storedBytes: number,
  open: () => Promise<AsyncIterable<Uint8Array>>,
): Promise<boolean> {
  if (storedBytes !== (await bodySize(body))) return false;
  const [ours, theirs] = await Promise.all([digest(bodyChunks(body)), open().then(digest)]);
  return ours === theirs;
}
