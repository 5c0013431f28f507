import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { artifactsIn } from '../../../dag/artifact.js';
import type { Artifact } from '../../../dag/artifact.js';
import { itemOf, lengthOf } from '../../../dag/stored-list.js';
import { FileStore } from '../../../lake/file-store.js';
import { missingArtifact, resolveStored, storeList, storeLongLists } from '../../../lake/list-store.js';

const folder = await mkdtemp(join(tmpdir(), 'segmenta-lists-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const store = new FileStore(folder);
const long = Array.from({ length: 3 }, (_, at) => `${at}`.padEnd(2_000, '.'));

describe('a list', () => {
  it('has a length and items, be it here or stored', () => {
    const stored = { stored: 'list', count: 3, parts: [] } as const;
    expect([lengthOf([7, 8]), lengthOf(stored), lengthOf('ab'), lengthOf(undefined)]).toEqual([
      2,
      3,
      undefined,
      undefined,
    ]);
    expect(itemOf([7, 8], 1)).toBe(8);
    expect(itemOf(stored, 2)).toEqual({ stored: 'item', item: 2, of: stored });
    expect(itemOf('ab', 0)).toBeUndefined();
  });

  it('that is long comes back from the lake as it was, whole, in a field, by an item and after another', async () => {
    const stored = await storeList(store, long);
    expect(await resolveStored(store, { deep: [stored] })).toEqual({ deep: [long] });
    expect(await resolveStored(store, itemOf(stored, 1))).toBe(long[1]);
    expect(await storeLongLists(store, { few: [1], many: long })).toEqual({ few: [1], many: stored });
    const both = await storeList(store, ['last'], stored.parts);
    expect(await resolveStored(store, both)).toEqual([...long, 'last']);
  });

  it('comes back whole where its items hold stored lists of their own', async () => {
    const inner = await storeList(store, long);
    const outer = await storeList(store, [{ list: inner }, { list: [1] }]);
    expect(await resolveStored(store, outer)).toEqual([{ list: long }, { list: [1] }]);
    expect(await resolveStored(store, itemOf(outer, 0))).toEqual({ list: long });
  });

  it('is there only with every artifact that its items name, at any depth', async () => {
    await store.write('artifacts/made/ab.txt', 'four');
    const made: Artifact = { kind: 'made', uri: 'artifacts/made/ab.txt', sha256: 'ab', bytes: 4, rows: 1, schema: [] };
    const inner = await storeList(store, [made]);
    const outer = await storeList(store, [{ list: inner }]);
    expect(artifactsIn(outer)).toHaveLength(1);
    expect(await missingArtifact(store, { outer })).toBeUndefined();
    await store.remove(made.uri);
    expect(await missingArtifact(store, { outer })).toEqual(made);
    await store.write(inner.parts[0]?.uri ?? '', 'x'.repeat(inner.parts[0]?.bytes ?? 0));
    expect(await missingArtifact(store, { outer })).toEqual(inner.parts[0]);
  });
});
