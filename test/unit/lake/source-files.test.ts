import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { BadInput } from '../../../lake/bad-input.js';
import type { ObjectStore } from '../../../lake/object-store.js';
import { openStore } from '../../../lake/open-store.js';
import { sourceDefinition } from '../../../lake/source-definition.js';
import { listSourceFiles, localSourceFile } from '../../../lake/source-files.js';
import type { SourceFile } from '../../../lake/source-files.js';
import { RemoteStore } from '../../support/remote-store.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-sources-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

let folder: string;
let store: ObjectStore;
beforeEach(async () => {
  folder = join(scratch, randomUUID());
  store = openStore(join(folder, 'lake'));
  await mkdir(folder);
});

const put = async (...names: string[]): Promise<void> => {
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), 'dni\n1\n');
  }
};

const list = async (path: string | string[], options: object = {}): Promise<readonly SourceFile[]> => {
  const source = sourceDefinition.parse({ name: 's', files: { f: { path, ...options } }, select: 'SELECT * FROM f' });
  return (await listSourceFiles(store, source)).f ?? [];
};
const onDisk = async (pattern: string): Promise<string[]> =>
  (await list(join(folder, pattern))).map(({ name }) => name.slice(folder.length + 1));
const inLake = async (pattern: string): Promise<string[]> => (await list(`lake:${pattern}`)).map(({ name }) => name);

const STRANGE = ['a [1].csv', 'a (2).csv', "a 'q'.csv", 'a {x,y}.csv', 'año ñ.csv', 'a!b.csv', 'a+b$c^.csv'];

describe('files on disk', () => {
  it('are found by * within a folder and by ** across folders, in order of their names', async () => {
    await put('raw/b.csv', 'raw/a.csv', 'raw/deep/er/c.csv', 'raw/x.txt', 'other/d.csv');
    expect(await onDisk('raw/*.csv')).toEqual(['raw/a.csv', 'raw/b.csv']);
    expect(await onDisk('raw/**/*.csv')).toEqual(['raw/a.csv', 'raw/b.csv', 'raw/deep/er/c.csv']);
    expect(await onDisk('raw/?.csv')).toEqual(['raw/a.csv', 'raw/b.csv']);
    expect(await onDisk('*/d.csv')).toEqual(['other/d.csv']);
  });

  it('with special characters in their names are found by name and by pattern', async () => {
    await put(...STRANGE);
    for (const name of STRANGE) expect(await onDisk(name)).toEqual([name]);
    expect(await onDisk('a*.csv')).toEqual(STRANGE.toSorted());
  });

  it('are found by a pattern below a folder whose name could be a pattern', async () => {
    await put('año (2026) [x]/{raw}/a.csv', 'año (2026) [x]/{raw}/deep/b.csv');
    expect(await onDisk('año (2026) [x]/{raw}/*.csv')).toEqual(['año (2026) [x]/{raw}/a.csv']);
    expect(await onDisk('año (2026) [x]/**/*.csv')).toHaveLength(2);
  });

  it('are listed once where two patterns meet', async () => {
    await put('a.csv', 'b.csv');
    const found = await list([join(folder, 'a.csv'), join(folder, '*.csv')]);
    expect(found.map(({ name }) => name)).toEqual([join(folder, 'a.csv'), join(folder, 'b.csv')]);
  });

  it('have a format by their ending, or the one that is said', async () => {
    await put('a.CSV', 'b.tsv.gz', 'c.parquet', 'd.dat', 'e');
    const formats = async (name: string, options = {}): Promise<string[]> =>
      (await list(join(folder, name), options)).map(({ format }) => format);
    expect(await formats('a.CSV')).toEqual(['csv']);
    expect(await formats('b.tsv.gz')).toEqual(['csv']);
    expect(await formats('c.parquet')).toEqual(['parquet']);
    expect(await formats('d.dat', { format: 'csv' })).toEqual(['csv']);
    await expect(formats('d.dat')).rejects.toThrow("got '.dat': say `format`");
    await expect(formats('e')).rejects.toThrow(BadInput);
  });

  it('have another etag when they were appended to or rewritten', async () => {
    await put('a.csv');
    const etag = async (): Promise<string | undefined> => (await list(join(folder, 'a.csv')))[0]?.etag;
    const first = await etag();
    expect(await etag()).toBe(first);
    await writeFile(join(folder, 'a.csv'), 'dni\n2\n');
    const second = await etag();
    await writeFile(join(folder, 'a.csv'), '3\n', { flag: 'a' });
    expect(new Set([first, second, await etag()]).size).toBe(3);
  });

  it('are refused where there is none: no match, a folder, a file that is empty, a relative path', async () => {
    await put('raw/a.csv');
    await writeFile(join(folder, 'empty.csv'), '');
    await expect(onDisk('raw/*.parquet')).rejects.toThrow('no such file');
    await expect(onDisk('raw/b.csv')).rejects.toThrow(`source 's', file '${join(folder, 'raw/b.csv')}'`);
    await expect(onDisk('raw')).rejects.toThrow('no such file');
    await expect(onDisk('empty.csv')).rejects.toThrow('the file is empty');
    await expect(onDisk('*.csv')).rejects.toThrow('the file is empty');
    await expect(onDisk('b.csv')).rejects.toBeInstanceOf(BadInput);
    await expect(list('raw/a.csv')).rejects.toThrow("Expected an absolute path or glob, got 'raw/a.csv'");
  });

  it('are opened where they are', async () => {
    await put('a.csv');
    const [file] = await list(join(folder, 'a.csv'));
    expect(file && (await localSourceFile(new RemoteStore(store), join(folder, 'cache'), file))).toBe(
      join(folder, 'a.csv'),
    );
  });
});

describe('files in the lake', () => {
  it('are found by * within a folder and by ** across folders, in order of their keys', async () => {
    const keys = ['raw/b.csv', 'raw/a.csv', 'raw/deep/er/c.csv', 'raw/x.csvx', 'raws/d.csv', 'other/raw/e.csv'];
    for (const key of keys) await store.write(key, 'dni\n');
    expect(await inLake('raw/*.csv')).toEqual(['lake:raw/a.csv', 'lake:raw/b.csv']);
    expect(await inLake('raw/**/*.csv')).toEqual(['lake:raw/a.csv', 'lake:raw/b.csv', 'lake:raw/deep/er/c.csv']);
    expect(await inLake('**/e.csv')).toEqual(['lake:other/raw/e.csv']);
    expect(await list('lake:raw/**', { format: 'csv' })).toHaveLength(4);
    expect(await inLake('raw/?.csv')).toEqual(['lake:raw/a.csv', 'lake:raw/b.csv']);
    expect(await inLake('raw/a.csv')).toEqual(['lake:raw/a.csv']);
    await expect(inLake('raw/c.csv')).rejects.toThrow("file 'lake:raw/c.csv': no such file");
  });

  it('with special characters in their names are found by name and by pattern', async () => {
    for (const name of [...STRANGE, '😀.csv']) await store.write(`raw/${name}`, 'dni\n');
    for (const name of STRANGE) expect(await inLake(`raw/${name}`)).toEqual([`lake:raw/${name}`]);
    expect(await inLake('raw/a*.csv')).toEqual(STRANGE.map((name) => `lake:raw/${name}`).toSorted());
    expect(await inLake('raw/?.csv')).toEqual(['lake:raw/😀.csv']);
  });

  it('are opened in place in a local lake', async () => {
    await store.write('raw/a.csv', 'dni\n');
    const [file] = await list('lake:raw/a.csv');
    expect(file && (await localSourceFile(store, join(folder, 'cache'), file))).toBe(store.localPath('raw/a.csv'));
  });

  it('are copied once for each state they were in', async () => {
    const remote = new RemoteStore(store);
    const open = async (): Promise<string> => {
      const [file] = await list('lake:raw/a.csv');
      if (file === undefined) throw new Error('Expected a file');
      return readFile(await localSourceFile(remote, join(folder, 'cache'), file), 'utf8');
    };
    await store.write('raw/a.csv', 'dni\n1\n');
    expect([await open(), await open()]).toEqual(['dni\n1\n', 'dni\n1\n']);
    await store.write('raw/a.csv', 'dni\n2\n');
    expect([await open(), await open()]).toEqual(['dni\n2\n', 'dni\n2\n']);
    expect(remote.downloads).toHaveLength(2);
  });

  it('that change while they are copied are refused, so that no copy stands for a state it is not of', async () => {
    const remote = new RemoteStore(store);
    await store.write('raw/a.csv', 'dni\n1\n');
    const [file] = await list('lake:raw/a.csv');
    if (file === undefined) throw new Error('Expected a file');
    remote.opened = () => store.write('raw/a.csv', 'dni\n2\n');
    await expect(localSourceFile(remote, join(folder, 'cache'), file)).rejects.toThrow('it changed meanwhile');
    // Listed in one state, and in another when it is opened.
    remote.opened = async () => undefined;
    await expect(localSourceFile(remote, join(folder, 'cache'), file)).rejects.toThrow('it changed meanwhile');
  });
});
