import { Readable } from 'node:stream';
import type { Body, Creation, ObjectInfo, ObjectStore } from '../../lake/object-store.js';

/** A store whose objects have no local path, as on S3. `transfer` may damage what is streamed. */
export class RemoteStore implements ObjectStore {
  readonly url: string;
  /** Keys that were streamed, in order. */
  readonly downloads: string[] = [];
  transfer: (bytes: Buffer) => Buffer = (bytes) => bytes;
  /** Runs when a stream has been opened, before its first byte. */
  opened: () => Promise<void> = async () => undefined;

  constructor(private readonly store: ObjectStore) {
    this.url = store.url;
  }

  head(key: string): Promise<ObjectInfo | undefined> {
    return this.store.head(key);
  }

  list(prefix: string, after?: string): AsyncIterable<ObjectInfo> {
    return this.store.list(prefix, after);
  }

  read(key: string): Promise<Uint8Array> {
    return this.store.read(key);
  }

  async stream(key: string): Promise<Readable> {
    this.downloads.push(key);
    const bytes = Buffer.from(await this.store.read(key));
    await this.opened();
    return Readable.from([this.transfer(bytes)]);
  }

  create(key: string, body: Body): Promise<Creation> {
    return this.store.create(key, body);
  }

  write(key: string, body: Body): Promise<void> {
    return this.store.write(key, body);
  }

  remove(key: string): Promise<void> {
    return this.store.remove(key);
  }

  localPath(): undefined {
    return undefined;
  }

  probe(): Promise<void> {
    return this.store.probe();
  }
}
