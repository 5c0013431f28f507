import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, constantFrom, property } from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { commitKey } from '../../../lake/delta-commit.js';
import { readTable } from '../../../lake/delta-log.js';
import type { ObjectStore } from '../../../lake/object-store.js';
import { openStore } from '../../../lake/open-store.js';
import { partitionAt, previousContent, readHistory, rowsOf } from '../../../lake/partition-history.js';
import type { PartitionVersion } from '../../../lake/partition-history.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-history-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

let store: ObjectStore;
beforeEach(() => {
  store = openStore(join(scratch, randomUUID()));
});

const MONDAY = '2017-07-03';
const add = (path: string, fecha = MONDAY, tags: object = {}) => ({
  add: { path, size: 1, partitionValues: { fecha_modelo: fecha }, stats: '{"numRecords":2}', tags },
});
const remove = (path: string) => ({ remove: { path } });
const commit = async (version: number, ...actions: object[]): Promise<void> =>
  store.write(commitKey('t', version), actions.map((action) => `${JSON.stringify(action)}\n`).join(''));
const history = async (fecha = MONDAY): Promise<readonly PartitionVersion[]> =>
  (await readHistory(store, 't')).partitions.get(fecha) ?? [];

describe('the history of a partition', () => {
  it('is empty where there is no table', async () => {
    expect(await readHistory(store, 't')).toEqual({ table: 't', version: -1, partitions: new Map() });
  });

  it('holds the commits that touched its date, with the files after each', async () => {
    await commit(0, add('a'));
    await commit(1, add('x', '2017-07-10'));
    await commit(2, add('b'), remove('a'));
    await commit(3, add('c'));
    await commit(4, remove('b'), remove('c'), remove('unheard of'));
    const found = await history();
    expect(found.map(({ version, files }) => [version, files.map(({ path }) => path)])).toEqual([
      [0, ['a']],
      [2, ['b']],
      [3, ['b', 'c']],
      [4, []],
    ]);
    expect(found.map(rowsOf)).toEqual([2, 2, 4, 0]);
    expect((await history('2017-07-10')).map(({ version }) => version)).toEqual([1]);
    expect((await readHistory(store, 't')).version).toBe(4);
  });

  it('ends with what the table is now', async () => {
    await commit(0, add('b'), add('a'), add('x', '2017-07-10'));
    await commit(1, remove('b'), add('c', MONDAY, { sha256: 's' }), add('b'));
    const { partitions } = await readHistory(store, 't');
    const newest = [...partitions.values()].flatMap((versions) => versions.at(-1)?.files ?? []);
    expect(newest).toEqual((await readTable(store, 't')).files);
  });

  it('says who, when and why as far as the commit does', async () => {
    const timestamp = Date.UTC(2017, 6, 4, 12);
    await commit(0, { commitInfo: { timestamp, operation: 'WRITE', run: 'segmentation/2017-07-03/1' } }, add('a'));
    const operationParameters = { version: '0', fecha_modelo: MONDAY };
    const person = { userName: 'ana', userMetadata: 'wrong k' };
    await commit(1, { commitInfo: { operation: 'RESTORE', operationParameters, ...person } }, add('b'), remove('a'));
    await commit(2, { commitInfo: { timestamp: 'noon', operation: 7, operationParameters: [] } }, add('c'));
    await commit(3, { commitInfo: { timestamp: 1e300, operation: 'RESTORE' } }, add('d'));
    await commit(4, add('e'));
    const nothing = { when: undefined, operation: undefined, run: undefined, restored: undefined };
    expect(await history()).toMatchObject([
      { when: '2017-07-04T12:00:00.000Z', operation: 'WRITE', run: 'segmentation/2017-07-03/1', restored: undefined },
      { when: undefined, operation: 'RESTORE', by: 'ana', why: 'wrong k', restored: 0 },
      { ...nothing, by: undefined, why: undefined },
      { ...nothing, operation: 'RESTORE' },
      nothing,
    ]);
  });
});

/** Contents by letter; `-` is a partition without files, digits are files of another program. */
const versionsOf = (contents: string): readonly PartitionVersion[] =>
  contents.split('').map((content, i) => {
    const tags: { readonly [tag: string]: string } = /\d/.test(content) ? {} : { sha256: content, run: `run ${i}` };
    const file = { path: tags.sha256 === undefined ? content : `file ${i}`, fecha: MONDAY, bytes: 1, rows: 1, tags };
    return {
      version: i * 3,
      when: undefined,
      operation: undefined,
      run: undefined,
      by: undefined,
      why: undefined,
      restored: undefined,
      files: content === '-' ? [] : [{ ...file, version: i * 3 }],
    };
  });
const previous = (contents: string): number => (previousContent(versionsOf(contents))?.version ?? -3) / 3;

describe('the previous content', () => {
  it.each([
    ['A', -1],
    ['AA', -1],
    ['AB', 0],
    ['ABB', 0],
    ['ABA', 1],
    ['ABC', 1],
    ['AB-C', 1],
    ['AB-', 1],
    ['A-A', -1],
    ['A12', 1],
    ['A11', 0],
    ['', -1],
  ])('of %s is at %i', (contents, expected) => {
    expect(previous(contents)).toBe(expected);
  });

  it('put back, has what was put away as its own previous content', () => {
    assert(
      property(array(constantFrom('A', 'B', 'C', '-'), { minLength: 1, maxLength: 12 }), (contents) => {
        const to = previous(contents.join(''));
        const newest = contents.at(-1);
        if (to < 0 || newest === '-') return;
        const reverted = [...contents, contents[to] ?? ''];
        expect(reverted[previous(reverted.join(''))]).toBe(newest);
      }),
    );
  });
});

describe('a partition at a version of its table', () => {
  it('is as the newest commit until then left it', () => {
    const versions = versionsOf('AB');
    expect([0, 2, 3, 99].map((version) => partitionAt(versions, version)?.version)).toEqual([0, 0, 3, 3]);
    expect(partitionAt(versions, -1)).toBeUndefined();
  });
});
