import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { artifactExists, openArtifact, putArtifact } from '../../../lake/artifact-store.js';
import type { ObjectStore } from '../../../lake/object-store.js';
import { openStore } from '../../../lake/open-store.js';
import { RemoteStore } from '../../support/remote-store.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-artifacts-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const CONTENT = 'the bytes of an artifact';
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const description = { rows: 3, schema: ['dni VARCHAR', 'monto DOUBLE'] };

let store: ObjectStore;
let remote: RemoteStore;
let cache: string;
let file: string;
beforeEach(async () => {
  store = openStore(join(scratch, randomUUID()));
  remote = new RemoteStore(store);
  cache = join(scratch, randomUUID());
  file = join(scratch, `${randomUUID()}.parquet`);
  await writeFile(file, CONTENT);
});

const cached = (): Promise<string[]> => readdir(join(cache, 'artifacts'));
const keys = async (): Promise<string[]> => {
  const found: string[] = [];
  for await (const { key } of store.list('')) found.push(key);
  return found;
};

describe('putting an artifact', () => {
  it('names the object by the hash of its bytes', async () => {
    const artifact = await putArtifact(store, 'features', file, description);
    const uri = `artifacts/features/${SHA256}.parquet`;
    expect(artifact).toEqual({ kind: 'features', uri, sha256: SHA256, bytes: CONTENT.length, ...description });
    expect(Buffer.from(await store.read(uri)).toString()).toBe(CONTENT);
  });

  it('goes by the hash that was taken as the file was written, but not of a file of another length', async () => {
    const content = { sha256: SHA256, bytes: CONTENT.length };
    const { uri } = await putArtifact(store, 'features', file, { ...description, content });
    expect(uri).toBe(`artifacts/features/${SHA256}.parquet`);
    const other = putArtifact(store, 'features', file, { ...description, content: { ...content, bytes: 7 } });
    await expect(other).rejects.toThrow(`Expected the 7 bytes that were hashed in ${file}, got ${CONTENT.length}`);
  });

  it('leaves the object alone that holds the same bytes already', async () => {
    const { uri } = await putArtifact(store, 'features', file, description);
    const before = await store.head(uri);
    await putArtifact(store, 'features', file, description);
    expect(await store.head(uri)).toEqual(before);
    expect(await keys()).toEqual([uri]);
  });

  it('makes one object of any number of writers at once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => putArtifact(store, 'features', file, description)));
    expect(await keys()).toEqual([`artifacts/features/${SHA256}.parquet`]);
  });

  it.each(['cut', 'of the same size', 'empty'])('replaces a damaged object: %s', async (damage) => {
    const uri = `artifacts/features/${SHA256}.parquet`;
    await store.write(uri, { cut: 'the by', 'of the same size': CONTENT.toUpperCase(), empty: '' }[damage] ?? '');
    await putArtifact(store, 'features', file, description);
    expect(Buffer.from(await store.read(uri)).toString()).toBe(CONTENT);
  });

  it('describes a wide table by its first columns', async () => {
    const schema = Array.from({ length: 40 }, (_, i) => `c${i} DOUBLE`);
    const artifact = await putArtifact(store, 'features', file, { rows: 1, schema });
    expect(artifact.schema).toEqual([...schema.slice(0, 12), '… 28 more']);
  });
});

describe('an artifact in a local lake', () => {
  it('is opened in place', async () => {
    const artifact = await putArtifact(store, 'features', file, description);
    expect(await openArtifact(store, cache, artifact)).toBe(store.localPath(artifact.uri));
  });

  it('is refused where it is damaged or gone, with its name', async () => {
    const artifact = await putArtifact(store, 'features', file, description);
    expect(await artifactExists(store, artifact)).toBe(true);
    await store.write(artifact.uri, 'half');
    expect(await artifactExists(store, artifact)).toBe(false);
    await expect(openArtifact(store, cache, artifact)).rejects.toThrow(
      `'${artifact.uri}' in lake ${store.url}, got one of 4 bytes`,
    );
    await store.remove(artifact.uri);
    await expect(openArtifact(store, cache, artifact)).rejects.toThrow('got none');
  });
});

describe('an artifact in a remote lake', () => {
  it('is copied once', async () => {
    const artifact = await putArtifact(remote, 'features', file, description);
    const path = await openArtifact(remote, cache, artifact);
    expect(await readFile(path, 'utf8')).toBe(CONTENT);
    expect(await openArtifact(remote, cache, artifact)).toBe(path);
    expect(remote.downloads).toEqual([artifact.uri]);
    expect(await cached()).toEqual([`${SHA256}.parquet`]);
  });

  it.each([
    ['one byte', (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === 5 ? byte ^ 1 : byte)))],
    ['the end', (bytes: Buffer) => bytes.subarray(0, 10)],
    ['everything', () => Buffer.alloc(0)],
  ])('is refused where the transfer lost %s, and no copy is kept', async (_, damage) => {
    const artifact = await putArtifact(remote, 'features', file, description);
    remote.transfer = damage;
    await expect(openArtifact(remote, cache, artifact)).rejects.toThrow(
      `Expected '${artifact.uri}' in lake ${remote.url}`,
    );
    expect(await cached()).toEqual([]);
    remote.transfer = (bytes) => bytes;
    expect(await readFile(await openArtifact(remote, cache, artifact), 'utf8')).toBe(CONTENT);
  });

  it('is copied again where the copy was cut', async () => {
    const artifact = await putArtifact(remote, 'features', file, description);
    const path = await openArtifact(remote, cache, artifact);
    await writeFile(path, 'the by');
    await openArtifact(remote, cache, artifact);
    expect(await readFile(path, 'utf8')).toBe(CONTENT);
  });

  it('is whole for each of many who open it at once', async () => {
    const artifact = await putArtifact(remote, 'features', file, description);
    const paths = await Promise.all(Array.from({ length: 10 }, () => openArtifact(remote, cache, artifact)));
    expect(new Set(paths).size).toBe(1);
    expect(await readFile(paths[0] ?? '', 'utf8')).toBe(CONTENT);
    expect(await cached()).toEqual([`${SHA256}.parquet`]);
  });

  it('keeps its copy while it is used, and makes room for it by removing others', async () => {
    const artifact = await putArtifact(remote, 'features', file, description);
    const path = await openArtifact(remote, cache, artifact);
    const old = new Date(Date.now() - 10 * 3_600_000);
    await utimes(path, old, old);
    await openArtifact(remote, cache, artifact);
    expect((await stat(path)).mtimeMs).toBeGreaterThan(old.getTime());
    const idle = join(cache, 'artifacts', 'idle.parquet');
    await writeFile(idle, 'x'.repeat(100));
    await utimes(idle, old, old);
    await writeFile(file, 'other bytes');
    const other = await putArtifact(remote, 'features', file, description);
    await openArtifact(remote, cache, other, { maxBytes: 10 });
    expect(await cached()).toEqual([`${SHA256}.parquet`, `${other.sha256}.parquet`].toSorted());
  });
});
