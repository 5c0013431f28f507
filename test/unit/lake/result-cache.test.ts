import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Artifact } from '../../../dag/artifact.js';
import { putArtifact } from '../../../lake/artifact-store.js';
import type { ObjectStore } from '../../../lake/object-store.js';
import { openStore } from '../../../lake/open-store.js';
import { recallResult, rememberResult } from '../../../lake/result-cache.js';
import { LakeUnavailable } from '../../../lake/store-errors.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-results-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

let store: ObjectStore;
let artifact: Artifact;
beforeEach(async () => {
  store = openStore(join(scratch, randomUUID()));
  const file = join(scratch, 'made.parquet');
  await writeFile(file, 'bytes');
  artifact = await putArtifact(store, 'features', file, { rows: 1, schema: [] });
});

describe('a remembered result', () => {
  it('comes back for its task and key only', async () => {
    const result = { output: { features: artifact, list: [{ deep: artifact }], k: 7 }, note: 'señal' };
    await rememberResult(store, 'buildFeatures', 'key', result);
    expect(await recallResult(store, 'buildFeatures', 'key')).toEqual(result);
    expect(await recallResult(store, 'buildFeatures', 'other')).toBeUndefined();
    expect(await recallResult(store, 'scaleFeatures', 'key')).toBeUndefined();
  });

  it.each(['gone', 'cut'])('counts as none where an artifact of it is %s', async (damage) => {
    await rememberResult(store, 'task', 'key', { output: { list: [{ deep: artifact }] } });
    if (damage === 'gone') await store.remove(artifact.uri);
    else await store.write(artifact.uri, 'byt');
    expect(await recallResult(store, 'task', 'key')).toBeUndefined();
  });

  it.each([
    ['cut', '{"output":{"features":{"ki'],
    ['empty', ''],
    ['not an object', '"output"'],
    ['null', 'null'],
    ['without an output', '{"note":"x"}'],
    ['with a key that is none', JSON.stringify({ output: { kind: 'x', uri: '../x', sha256: 'a', bytes: 1 } })],
    ['with a key that is no text', JSON.stringify({ output: { kind: 'x', uri: 7, sha256: 'a', bytes: 1 } })],
  ])('counts as none where its entry is damaged (%s), and can be remembered again', async (_, entry) => {
    await rememberResult(store, 'task', 'key', { output: 1 });
    const keys: string[] = [];
    for await (const { key } of store.list('cache/')) keys.push(key);
    expect(keys).toHaveLength(1);
    await store.write(keys[0] ?? '', entry);
    expect(await recallResult(store, 'task', 'key')).toBeUndefined();
    await rememberResult(store, 'task', 'key', { output: { artifact } });
    expect(await recallResult(store, 'task', 'key')).toEqual({ output: { artifact } });
  });

  it('is not taken for forgotten where the lake does not answer', async () => {
    const failing = openStore(join(scratch, randomUUID()));
    failing.read = async (key) => {
      throw new LakeUnavailable({ store: failing.url, operation: 'read', key }, 'no answer');
    };
    await expect(recallResult(failing, 'task', 'key')).rejects.toBeInstanceOf(LakeUnavailable);
  });
});
