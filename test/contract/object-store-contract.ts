import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectInfo, ObjectStore } from '../../lake/object-store.js';
import { InvalidKey, ObjectNotFound } from '../../lake/store-errors.js';

const text = async (store: ObjectStore, key: string): Promise<string> => Buffer.from(await store.read(key)).toString();

async function all(infos: AsyncIterable<ObjectInfo>): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  for await (const info of infos) found.push(info);
  return found;
}

const keysUnder = async (store: ObjectStore, prefix: string): Promise<string[]> =>
  (await all(store.list(prefix))).map(({ key }) => key);

async function sha256(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

const rejections = async (promises: Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(promises)).map((settled) =>
    settled.status === 'rejected' ? settled.reason : new Error('it did not fail'),
  );

/** What every object store does. `open` gives a store that holds nothing, another one at each call. */
export function objectStoreContract(name: string, open: () => Promise<ObjectStore>): void {
  describe(`object store on ${name}`, () => {
    let store: ObjectStore;
    let scratch: string;
    const large = randomBytes(20 * 1024 * 1024);
    const otherLarge = Buffer.concat([large.subarray(1), large.subarray(0, 1)]);

    beforeAll(async () => {
      store = await open();
      scratch = await mkdtemp(join(tmpdir(), 'segmenta-contract-'));
      await writeFile(join(scratch, 'large'), large);
      await writeFile(join(scratch, 'other-large'), otherLarge);
    });

    afterAll(() => rm(scratch, { recursive: true, force: true }));

    describe('create', () => {
      it('stores a new object and leaves an existing one alone', async () => {
        expect(await store.create('create/twice', 'first')).toBe('created');
        expect(await store.create('create/twice', 'second')).toBe('exists');
        expect(await text(store, 'create/twice')).toBe('first');
      });

      it('tells where the object there holds exactly these bytes', async () => {
        await store.create('create/same', 'bytes');
        expect(await store.create('create/same', Buffer.from('bytes'))).toBe('same');
        expect(await store.create('create/same', 'bytez')).toBe('exists');
      });

      it('lets one of 100 concurrent writers with different bytes win, and stores its bytes', async () => {
        const bodies = Array.from({ length: 100 }, (_, i) => `writer ${i}`);
        const results = await Promise.all(bodies.map((body) => store.create('create/race', body)));
        expect(results.filter((result) => result === 'exists')).toHaveLength(99);
        expect(await text(store, 'create/race')).toBe(bodies[results.indexOf('created')]);
      });

      it('tells every one of many concurrent writers of the same bytes that they are there', async () => {
        const results = await Promise.all(Array.from({ length: 20 }, () => store.create('create/agree', 'agreed')));
        expect(results.filter((result) => result === 'created')).toHaveLength(1);
        expect(results.filter((result) => result === 'same')).toHaveLength(19);
      });

      it('holds for large files too, also when their uploads overlap', async () => {
        const body = { path: join(scratch, 'large') };
        const other = { path: join(scratch, 'other-large') };
        const results = await Promise.all([store.create('create/large', body), store.create('create/large', other)]);
        expect(results.toSorted()).toEqual(['created', 'exists']);
        const winner = results[0] === 'created' ? large : otherLarge;
        expect(await sha256(await store.stream('create/large'))).toBe(await sha256Of(winner));
        expect(await store.create('create/large', winner)).toBe('same');
      });

      it('names the file where a body’s file is missing', async () => {
        await expect(store.create('create/nothing', { path: join(scratch, 'absent') })).rejects.toThrow(
          join(scratch, 'absent'),
        );
        expect(await store.head('create/nothing')).toBeUndefined();
      });
    });

    describe('write', () => {
      it('replaces, and changes the etag', async () => {
        await store.write('write/object', 'old');
        const old = await store.head('write/object');
        await store.write('write/object', 'new');
        expect(await text(store, 'write/object')).toBe('new');
        expect((await store.head('write/object'))?.etag).not.toBe(old?.etag);
      });

      it('never shows a reader a torn object', async () => {
        const bodies = ['a', 'b'].map((letter) => letter.repeat(256 * 1024));
        await store.write('write/torn', bodies[0] ?? '');
        const state = { writing: true };
        const writing = (async () => {
          for (let i = 0; i < 60; i++) await store.write('write/torn', bodies[i % 2] ?? '');
          state.writing = false;
        })();
        const torn: string[] = [];
        let reads = 0;
        while (state.writing) {
          const seen = await text(store, 'write/torn');
          if (!bodies.includes(seen)) torn.push(`${seen.length} characters of ${[...new Set(seen)].join('')}`);
          reads++;
        }
        await writing;
        expect(torn).toEqual([]);
        expect(reads).toBeGreaterThan(5);
      });

      it('streams a file of 20 MiB in and out unchanged', async () => {
        await store.write('write/large', { path: join(scratch, 'large') });
        expect((await store.head('write/large'))?.bytes).toBe(large.length);
        expect(await sha256(await store.stream('write/large'))).toBe(await sha256Of(large));
      });

      it('stores an empty object', async () => {
        await store.write('write/empty', '');
        expect((await store.head('write/empty'))?.bytes).toBe(0);
        expect(await store.read('write/empty')).toHaveLength(0);
      });
    });

    describe('reading', () => {
      it('fails with the key and the lake where there is no object', async () => {
        for (const error of await rejections([store.read('read/absent'), store.stream('read/absent')])) {
          expect(error).toBeInstanceOf(ObjectNotFound);
          expect(String(error)).toContain(`'read/absent' in lake ${store.url}`);
        }
      });

      it('knows no object below another one, nor where only a folder is', async () => {
        await store.write('read/object', 'x');
        expect(await store.head('read/object/below')).toBeUndefined();
        expect(await store.head('read')).toBeUndefined();
        await expect(store.read('read')).rejects.toBeInstanceOf(ObjectNotFound);
        await expect(store.stream('read')).rejects.toBeInstanceOf(ObjectNotFound);
      });

      it('reports the size and the time of an object', async () => {
        await store.write('read/info', 'ñandú');
        const info = await store.head('read/info');
        expect(info).toMatchObject({ key: 'read/info', bytes: 7 });
        // S3 tells whole seconds; the server's clock is this machine's.
        expect(Math.abs(Date.now() - (info?.modified.getTime() ?? 0))).toBeLessThan(60_000);
      });
    });

    describe('remove', () => {
      it('removes an object, and does nothing where there is none', async () => {
        await store.write('remove/object', 'x');
        await store.remove('remove/object');
        expect(await store.head('remove/object')).toBeUndefined();
        await store.remove('remove/object');
        await store.remove('remove/never/there');
      });
    });

    describe('list', () => {
      it('gives keys by prefix, also one that ends inside a name, in byte order', async () => {
        const fresh = await open();
        // In ASCII, '-' and '.' sort before '/', and '0' after it; é is two bytes; U+FF01 sorts before U+1F600 in UTF-8 only.
        const keys = ['a-b', 'a.b', 'a/b', 'a/bb/c', 'a0', 'ab', 'é', '\uFF01', '\u{1F600}'];
        for (const key of keys.toReversed()) await fresh.write(key, key);
        expect(await keysUnder(fresh, '')).toEqual(keys);
        expect(await keysUnder(fresh, 'a')).toEqual(keys.slice(0, 6));
        expect(await keysUnder(fresh, 'a/')).toEqual(['a/b', 'a/bb/c']);
        expect(await keysUnder(fresh, 'a/bb')).toEqual(['a/bb/c']);
        expect(await keysUnder(fresh, 'b')).toEqual([]);
      });

      it('goes beyond 1000 keys, with what head says of each', async () => {
        const keys = Array.from({ length: 1100 }, (_, i) => `many/${String(i).padStart(4, '0')}`);
        for (let i = 0; i < keys.length; i += 50) {
          await Promise.all(keys.slice(i, i + 50).map((key) => store.write(key, key)));
        }
        const listed = await all(store.list('many/'));
        expect(listed.map(({ key }) => key)).toEqual(keys);
        expect(listed[1050]).toEqual(await store.head('many/1050'));
      });

      it('is empty for a lake that nothing was written to', async () => {
        expect(await keysUnder(await open(), '')).toEqual([]);
      });
    });

    describe('keys', () => {
      it.each([
        'fecha_modelo=2017-07-03/part-x.parquet',
        'with space/and+plus',
        'año/categoría — ñ',
        "percent%20/quote'(1)&x=*~",
        '日本/😀',
      ])('come back as given: %s', async (key) => {
        await store.create(`keys/${key}`, key);
        expect(await text(store, `keys/${key}`)).toBe(key);
        expect(await keysUnder(store, `keys/${key}`)).toEqual([`keys/${key}`]);
        await store.remove(`keys/${key}`);
        expect(await store.head(`keys/${key}`)).toBeUndefined();
      });

      it.each(['', '/a', 'a//b', 'a/', '../a', 'a/../b', './a', String.raw`a\b`, 'a\nb', '.segmenta-tmp/a'])(
        'are refused where they could leave the lake or be ambiguous: %j',
        async (key) => {
          const operations = [
            store.read(key),
            store.head(key),
            store.create(key, ''),
            store.write(key, ''),
            store.remove(key),
          ];
          for (const error of await rejections(operations)) expect(error).toBeInstanceOf(InvalidKey);
        },
      );
    });

    describe('probe', () => {
      it('accepts a lake that can be used and leaves nothing behind', async () => {
        const fresh = await open();
        await fresh.probe();
        expect(await keysUnder(fresh, '')).toEqual([]);
      });
    });
  });
}

const sha256Of = (bytes: Uint8Array): Promise<string> =>
  sha256(
    (async function* once() {
      yield await Promise.resolve(bytes);
    })(),
  );
