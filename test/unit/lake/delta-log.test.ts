import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { isPermanent } from '../../../dag/permanent-error.js';
import { commitKey, UnsupportedTable } from '../../../lake/delta-commit.js';
import { readTable } from '../../../lake/delta-log.js';
import type { ObjectStore } from '../../../lake/object-store.js';
import { openStore } from '../../../lake/open-store.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-log-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

let store: ObjectStore;
beforeEach(() => {
  store = openStore(join(scratch, randomUUID()));
});

const add = (path: string, fecha = '2017-07-03', other: object = {}) => ({
  add: { path, size: 1, partitionValues: { fecha_modelo: fecha }, modificationTime: 0, dataChange: true, ...other },
});
const remove = (path: string) => ({ remove: { path, dataChange: true } });
const commit = async (version: number, ...actions: object[]): Promise<void> => {
  const lines = actions.map((action) => `${JSON.stringify(action)}\n`);
  await store.write(commitKey('t', version), lines.join(''));
};
const paths = async (): Promise<string[]> => (await readTable(store, 't')).files.map(({ path }) => path);
const failure = async (): Promise<unknown> => readTable(store, 't').catch((error: unknown) => error);

describe('a log written by other programs', () => {
  it('may hold actions and fields that say nothing about files', async () => {
    await commit(
      0,
      { protocol: { minReaderVersion: 1, minWriterVersion: 2, other: null } },
      { metaData: { id: 'x', schemaString: '{}', partitionColumns: ['fecha_modelo'], other: 1 } },
      { txn: { appId: 'app', version: 7 } },
      { domainMetadata: { domain: 'd', configuration: '{}', removed: false } },
      { cdc: { path: '_change_data/x', size: 1, partitionValues: {}, dataChange: false } },
      { commitInfo: { anything: ['at', 'all'] }, add: null, remove: null, metaData: null, protocol: null },
      { unheardOf: true },
      add('a', '2017-07-03', { stats: null, tags: null, baseRowId: 4, clusteringProvider: 'x' }),
      add('b', '2017-07-10', { stats: '{"minValues":{}}', tags: { x: null, y: 'z' } }),
      add('c', '2017-07-17', { stats: '' }),
    );
    expect((await readTable(store, 't')).files).toMatchObject([
      { path: 'a', rows: 0, tags: {} },
      { path: 'b', rows: 0, tags: { y: 'z' } },
      { path: 'c', rows: 0 },
    ]);
  });

  it('may hold blank lines, several files a date, and paths escaped as URIs', async () => {
    await commit(0, add('fecha_modelo=2017-07-03/a%20%C3%B1.parquet'), add('b'));
    await store.write(
      commitKey('t', 1),
      `\n\r\n${JSON.stringify(remove('fecha_modelo=2017-07-03/a%20%C3%B1.parquet'))}`,
    );
    const table = await readTable(store, 't');
    expect(table.files.map(({ path }) => path)).toEqual(['b']);
    expect([...table.replaced]).toEqual(['fecha_modelo=2017-07-03/a ñ.parquet']);
  });

  it('brings a file back that it had removed', async () => {
    await commit(0, add('a'));
    await commit(1, remove('a'), add('b'));
    await commit(2, remove('b'), add('a'));
    const { files, replaced } = await readTable(store, 't');
    expect(files).toMatchObject([{ path: 'a', version: 2 }]);
    expect([...replaced]).toEqual(['b']);
  });

  it('may hold other files beside the commits', async () => {
    await commit(0, add('a'));
    for (const name of [
      '00000000000000000000.crc',
      '00000000000000000000.00000000000000000009.compacted.json',
      '_staged_commits/00000000000000000001.json',
      'notes.json',
    ]) {
      await store.write(`t/_delta_log/${name}`, 'not a commit');
    }
    expect(await readTable(store, 't')).toMatchObject({ version: 0, files: [{ path: 'a' }] });
  });

  it('may hold checkpoints while it has its commits', async () => {
    await commit(0, add('a'));
    await store.write('t/_delta_log/00000000000000000000.checkpoint.parquet', 'x');
    await store.write('t/_delta_log/_last_checkpoint', '{"version":0}');
    expect(await paths()).toEqual(['a']);
  });

  it.each([
    ['all commits', [] as number[]],
    ['the first ones', [2, 3]],
    ['some', [0, 3]],
  ])('is refused where %s were cleaned up after a checkpoint', async (_, left) => {
    for (const version of left) await commit(version, add(`file ${version}`));
    await store.write('t/_delta_log/00000000000000000002.checkpoint.parquet', 'x');
    const error = await failure();
    expect(error).toBeInstanceOf(UnsupportedTable);
    expect(isPermanent(error)).toBe(true);
    expect(String(error)).toContain('cleaned up after a checkpoint');
    expect(String(error)).toContain(store.url);
  });

  it('is refused, for another try, where a commit is missing without a checkpoint', async () => {
    await commit(0, add('a'));
    await commit(2, add('b'));
    const error = await failure();
    expect(String(error)).toContain(commitKey('t', 1));
    expect(isPermanent(error)).toBe(false);
  });

  it.each([
    ['a line that is cut', '{"add":{"path":"a","si'],
    ['a line that is no object', '7'],
    ['a file without its size', JSON.stringify({ add: { path: 'a', partitionValues: {} } })],
    ['a path that is no URI', JSON.stringify(add('a%zz'))],
    ['a file in another place', JSON.stringify(add('s3://other/table/a'))],
    ['an absolute path', JSON.stringify(add('/etc/passwd'))],
    ['a newer reader', JSON.stringify({ protocol: { minReaderVersion: 3, minWriterVersion: 7 } })],
    ['statistics that are no JSON', JSON.stringify(add('a', '2017-07-03', { stats: '{"numRec' }))],
  ])('is refused where a commit has %s, naming the commit', async (_, line) => {
    await commit(0, add('a'));
    await store.write(commitKey('t', 1), `${line}\n`);
    const error = await failure();
    expect(error).toBeInstanceOf(UnsupportedTable);
    expect(String(error)).toContain(commitKey('t', 1));
  });

  it('is not mixed up with the log of a table whose name begins alike', async () => {
    await commit(0, add('a'));
    await store.write(commitKey('t2', 0), JSON.stringify(add('b')));
    expect(await paths()).toEqual(['a']);
  });
});
