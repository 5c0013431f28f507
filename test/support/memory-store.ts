import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Body, Creation, ObjectInfo, ObjectStore } from '../../lake/object-store.js';
import { ObjectNotFound } from '../../lake/store-errors.js';

interface Stored {
  readonly bytes: Buffer;
  readonly modified: number;
  readonly etag: string;
}

/** What several processes share: objects and the clock that dates them, which only moves as it is told. */
export class MemoryLake {
  readonly objects = new Map<string, Stored>();
  now = Date.UTC(2026, 0, 1);
  writes = 0;

  put(key: string, bytes: Buffer): void {
    this.writes += 1;
    this.now += 1;
    this.objects.set(key, { bytes, modified: this.now, etag: String(this.writes) });
  }

  text(key: string): string | undefined {
    return this.objects.get(key)?.bytes.toString();
  }

  sha256(key: string): string | undefined {
    const bytes = this.objects.get(key)?.bytes;
    return bytes === undefined ? undefined : createHash('sha256').update(bytes).digest('hex');
  }
}

/** One process's view of the lake. Every operation waits for its turn and then happens at once. */
export class MemoryStore implements ObjectStore {
  readonly url = 'memory:lake';

  constructor(
    readonly lake: MemoryLake,
    private readonly turn: (operation: string) => Promise<void> = async () => undefined,
  ) {}

  private info(key: string): ObjectInfo | undefined {
    const found = this.lake.objects.get(key);
    if (found === undefined) return undefined;
    return { key, bytes: found.bytes.length, etag: found.etag, modified: new Date(found.modified) };
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    await this.turn(`head ${key}`);
    return this.info(key);
  }

  async *list(prefix: string, after = ''): AsyncIterable<ObjectInfo> {
    await this.turn(`list ${prefix}`);
    const keys = [...this.lake.objects.keys()].filter((key) => key.startsWith(prefix) && key > after);
    yield* keys.toSorted().flatMap((key) => this.info(key) ?? []);
  }

  async read(key: string): Promise<Uint8Array> {
    await this.turn(`read ${key}`);
    const found = this.lake.objects.get(key);
    if (found === undefined) throw new ObjectNotFound({ store: this.url, operation: 'read', key });
    return found.bytes;
  }

  async stream(key: string): Promise<Readable> {
    return Readable.from([await this.read(key)]);
  }

  async create(key: string, body: Body): Promise<Creation> {
    const bytes = await bytesOf(body);
    await this.turn(`create ${key}`);
    const there = this.lake.objects.get(key);
    if (there !== undefined) return there.bytes.equals(bytes) ? 'same' : 'exists';
    this.lake.put(key, bytes);
    return 'created';
  }

  async write(key: string, body: Body): Promise<void> {
    const bytes = await bytesOf(body);
    await this.turn(`write ${key}`);
    this.lake.put(key, bytes);
  }

  async remove(key: string): Promise<void> {
    await this.turn(`remove ${key}`);
    this.lake.objects.delete(key);
  }

  localPath(): undefined {
    return undefined;
  }

  async probe(): Promise<void> {}
}

async function bytesOf(body: Body): Promise<Buffer> {
  if (typeof body === 'string') return Buffer.from(body);
  return body instanceof Uint8Array ? Buffer.from(body) : readFile(body.path);
}
