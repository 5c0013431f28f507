import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Body, Creation, Leftover, ObjectInfo, ObjectStore } from './object-store.js';
import { bodySize, checkKey, holdsBody, isKey, TEMPORARY_SEGMENT } from './object-store.js';
import { nameOf, s3Failure, statusOf } from './s3-failure.js';
import { LakeAccess, LakeUnavailable, ObjectNotFound } from './store-errors.js';
import type { StoreOperation } from './store-errors.js';
import { sweepUploads } from './sweep-uploads.js';

const MULTIPART_ABOVE = 8 * 1024 * 1024;
const MOST_PARTS = 10_000;

/** Tries of a conditional write that S3 answers with 409: another one is under way on the same key. */
const CONFLICT_ATTEMPTS = 8;

interface PutTarget {
  readonly Bucket: string;
  readonly Key: string;
  readonly IfNoneMatch?: string;
}

export interface S3Location {
  readonly bucket: string;
  /** Goes before every key, with a `/` between; may be empty. */
  readonly prefix: string;
  /** How messages name the server. */
  readonly endpoint: string;
}

/**
 * Objects below a prefix of an S3 bucket. The server must honour `If-None-Match: *` on PutObject and on
 * CompleteMultipartUpload (Amazon S3 and versitygw 1.8 do); `probe` refuses one that does not on PutObject.
 */
export class S3Store implements ObjectStore {
  readonly url: string;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #endpoint: string;
  #answers = false;

  constructor(client: S3Client, { bucket, prefix, endpoint }: S3Location) {
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix === '' ? '' : `${prefix}/`;
    this.#endpoint = endpoint;
    this.url = prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    const target = this.#target(key);
    try {
      const { ContentLength = 0, ETag = '', LastModified } = await this.#client.send(new HeadObjectCommand(target));
      return { key, bytes: ContentLength, etag: unquoted(ETag), modified: LastModified ?? new Date(0) };
    } catch (error) {
      const status = statusOf(error) ?? 0;
      // An answer to HEAD has no body, and so no reason: 404 may mean that the bucket is absent, 403 has many causes.
      // A listing tells. Once one has succeeded, 404 is believed: buckets rarely go.
      if (status >= 400 && status < 500 && !(status === 404 && this.#answers)) await this.#checkBucket(key);
      if (status === 404) return undefined;
      throw this.#failure({ operation: 'look up', key }, error);
    }
  }

  async #checkBucket(key: string): Promise<void> {
    try {
      await this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: this.#prefix, MaxKeys: 1 }));
      this.#answers = true;
    } catch (error) {
      throw this.#failure({ operation: 'look up', key }, error);
    }
  }

  async *list(prefix: string, after?: string): AsyncIterable<ObjectInfo> {
    const start = after === undefined ? {} : { StartAfter: this.#prefix + after };
    const pages = paginateListObjectsV2(
      { client: this.#client },
      { Bucket: this.#bucket, Prefix: this.#prefix + prefix, ...start },
    );
    try {
      for await (const { Contents = [] } of pages) {
        for (const { Key = '', Size = 0, ETag = '', LastModified } of Contents) {
          const key = Key.slice(this.#prefix.length);
          if (!isKey(key)) continue;
          yield { key, bytes: Size, etag: unquoted(ETag), modified: LastModified ?? new Date(0) };
        }
      }
    } catch (error) {
      throw this.#failure({ operation: `list '${prefix}' of` }, error);
    }
  }

  async read(key: string): Promise<Uint8Array> {
    const body = await this.#get(key);
    try {
      return await body.transformToByteArray();
    } catch (error) {
      throw this.#failure({ operation: 'read', key }, error);
    }
  }

  async stream(key: string): Promise<Readable> {
    // In Node the SDK's body is a Readable.
    const body = (await this.#get(key)) as unknown as Readable;
    return Readable.from(this.#named(key, body), { objectMode: false });
  }

  /** Passes the bytes on; a connection that breaks midway fails with the lake's and the key's name. */
  async *#named(key: string, body: Readable): AsyncIterable<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      throw this.#failure({ operation: 'read', key }, error);
    }
  }

  async #get(key: string): Promise<NonNullable<GetObjectCommandOutput['Body']>> {
    const target = this.#target(key);
    try {
      const { Body } = await this.#client.send(new GetObjectCommand(target));
      if (Body !== undefined) return Body;
    } catch (error) {
      if (nameOf(error) === 'NoSuchKey') {
        throw new ObjectNotFound({ store: this.url, operation: 'read', key }, { cause: error });
      }
      throw this.#failure({ operation: 'read', key }, error);
    }
    throw new LakeUnavailable({ store: this.url, operation: 'read', key }, 'the answer had no body');
  }

  async create(key: string, body: Body): Promise<Creation> {
    const target = { ...this.#target(key), IfNoneMatch: '*' };
    const bytes = await bodySize(body);
    if (bytes > MULTIPART_ABOVE) {
      // Spares the upload of a large object that is there already; the condition below still decides.
      const found = await this.#compare(key, body);
      if (found !== undefined) return found;
    }
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#put(target, body, bytes);
        return 'created';
      } catch (error) {
        const status = statusOf(error);
        // The SDK may repeat a request whose answer was lost, and then meets its own success:
        // 412, or 404 NoSuchUpload where it was the end of a multipart upload.
        const own = status === 412 || nameOf(error) === 'NoSuchUpload';
        if (own) {
          const found = await this.#compare(key, body);
          if (found !== undefined) return found;
        }
        if ((own || status === 409) && attempt < CONFLICT_ATTEMPTS) {
          await sleep(Math.random() * 50 * 2 ** attempt);
          continue;
        }
        throw this.#failure({ operation: 'create', key }, error);
      }
    }
  }

  async #compare(key: string, body: Body): Promise<'same' | 'exists' | undefined> {
    const there = await this.head(key);
    if (there === undefined) return undefined;
    try {
      return (await holdsBody(body, there.bytes, () => this.stream(key))) ? 'same' : 'exists';
    } catch (error) {
      if (error instanceof ObjectNotFound) return undefined;
      throw error;
    }
  }

  async write(key: string, body: Body): Promise<void> {
    const target = this.#target(key);
    const bytes = await bodySize(body);
    try {
      await this.#put(target, body, bytes);
    } catch (error) {
      throw this.#failure({ operation: 'write', key }, error);
    }
  }

  async #put(target: PutTarget, body: Body, bytes: number): Promise<void> {
    const isFile = typeof body !== 'string' && !(body instanceof Uint8Array);
    if (bytes <= MULTIPART_ABOVE) {
      // From memory, so that the SDK can send it again.
      await this.#client.send(
        new PutObjectCommand({ ...target, Body: isFile ? await readFile(body.path) : Buffer.from(body) }),
      );
      return;
    }
    const content = isFile ? createReadStream(body.path) : body;
    try {
      const partSize = Math.max(MULTIPART_ABOVE, Math.ceil(bytes / MOST_PARTS));
      // Upload hands the condition on to CompleteMultipartUpload, and aborts on failure.
      await new Upload({ client: this.#client, params: { ...target, Body: content }, partSize }).done();
    } finally {
      if (content instanceof Readable) content.destroy();
    }
  }

  async remove(key: string): Promise<void> {
    const target = this.#target(key);
    try {
      await this.#client.send(new DeleteObjectCommand(target));
    } catch (error) {
      if (nameOf(error) !== 'NoSuchKey') throw this.#failure({ operation: 'remove', key }, error);
    }
  }

  async sweep(before: Date, _prefixes: readonly string[], dryRun: boolean): Promise<readonly Leftover[]> {
    try {
      return await sweepUploads(this.#client, { bucket: this.#bucket, prefix: this.#prefix, before, dryRun });
    } catch (error) {
      throw this.#failure({ operation: 'sweep' }, error);
    }
  }

  localPath(key: string): undefined {
    checkKey(this.url, key);
    return undefined;
  }

  async probe(): Promise<void> {
    const target = { Bucket: this.#bucket, Key: `${this.#prefix}${TEMPORARY_SEGMENT}/${randomUUID()}` };
    const condition = { IfNoneMatch: '*' };
    try {
      await this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: this.#prefix, MaxKeys: 1 }));
      await this.#client.send(new PutObjectCommand({ ...target, Body: 'first' }));
      const replaced = await this.#client.send(new PutObjectCommand({ ...target, ...condition, Body: 'second' })).then(
        () => true,
        (error: unknown) => {
          if (statusOf(error) === 412) return false;
          throw error;
        },
      );
      const { Body } = await this.#client.send(new GetObjectCommand(target));
      await Body?.transformToByteArray();
      await this.#client.send(new DeleteObjectCommand(target));
      if (replaced) {
        throw new LakeAccess(
          { store: this.url, operation: 'use' },
          `${this.#endpoint} ignored 'If-None-Match: *' and replaced an object`,
          'Two writers could destroy each other’s work: use a server that honours conditional writes',
        );
      }
    } catch (error) {
      if (error instanceof LakeAccess) throw error;
      throw this.#failure({ operation: 'use' }, error);
    }
  }

  #target(key: string): { Bucket: string; Key: string } {
    checkKey(this.url, key);
    return { Bucket: this.#bucket, Key: this.#prefix + key };
  }

  #failure(at: Omit<StoreOperation, 'store'>, error: unknown): Error {
    return s3Failure({ ...at, store: this.url }, this.#endpoint, error);
  }
}

const unquoted = (etag: string): string => etag.replaceAll('"', '');
