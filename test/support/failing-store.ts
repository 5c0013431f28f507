import type { Readable } from 'node:stream';
import type { Body, Creation, ObjectInfo, ObjectStore } from '../../lake/object-store.js';

export class StoreDied extends Error {
  override readonly name = 'StoreDied';
}

/** `before`: the operation never reached the store. `after`: it took effect, and its answer was lost. */
export type Moment = 'before' | 'after';

/** A store whose process dies at its `at`-th operation, counted from 1: that one and all later ones fail. */
export class FailingStore implements ObjectStore {
  readonly url: string;
  /** What was asked of it, in order. */
  readonly operations: string[] = [];

  constructor(
    private readonly store: ObjectStore,
    private readonly at = Number.POSITIVE_INFINITY,
    private readonly moment: Moment = 'before',
  ) {
    this.url = store.url;
  }

  private async pass<Result>(operation: string, work: () => Promise<Result>): Promise<Result> {
    const which = this.operations.push(operation);
    if (which > this.at || (which === this.at && this.moment === 'before')) throw new StoreDied(operation);
    const result = await work();
    if (which === this.at) throw new StoreDied(operation);
    return result;
  }

  head(key: string): Promise<ObjectInfo | undefined> {
    return this.pass(`head ${key}`, () => this.store.head(key));
  }

  async *list(prefix: string, after?: string): AsyncIterable<ObjectInfo> {
    const found: ObjectInfo[] = [];
    yield* await this.pass(`list ${prefix}`, async () => {
      for await (const info of this.store.list(prefix, after)) found.push(info);
      return found;
    });
  }

  read(key: string): Promise<Uint8Array> {
    return this.pass(`read ${key}`, () => this.store.read(key));
  }

  stream(key: string): Promise<Readable> {
    return this.pass(`stream ${key}`, () => this.store.stream(key));
  }

  create(key: string, body: Body): Promise<Creation> {
    return this.pass(`create ${key}`, () => this.store.create(key, body));
  }

  write(key: string, body: Body): Promise<void> {
    return this.pass(`write ${key}`, () => this.store.write(key, body));
  }

  remove(key: string): Promise<void> {
    return this.pass(`remove ${key}`, () => this.store.remove(key));
  }

  localPath(key: string): string | undefined {
    return this.store.localPath(key);
  }

  probe(): Promise<void> {
    return this.store.probe();
  }
}
