import { expect } from 'vitest';
import { z } from 'zod';
import { commitKey } from '../../lake/delta-commit.js';
import { readTable } from '../../lake/delta-log.js';
import type { TableSchema } from '../../lake/delta-schema.js';
import type { ObjectInfo, ObjectStore } from '../../lake/object-store.js';

export const TABLE: TableSchema = {
  name: 'tabla',
  description: 'A table of a test.',
  columns: [
    { name: 'dni', type: 'string' },
    { name: 'score', type: 'double' },
    { name: 'fecha_modelo', type: 'date' },
  ],
};
export const DATE = '2017-07-03';
export const FOLDER = `tabla/fecha_modelo=${DATE}/`;

export const listing = async (store: ObjectStore, prefix = ''): Promise<ObjectInfo[]> => {
  const found: ObjectInfo[] = [];
  for await (const info of store.list(prefix)) found.push(info);
  return found;
};

export const keysUnder = async (store: ObjectStore, prefix: string): Promise<string[]> =>
  (await listing(store, prefix)).map(({ key }) => key);

export const versionsOf = async (store: ObjectStore): Promise<number[]> =>
  (await keysUnder(store, 'tabla/_delta_log/'))
    .filter((key) => /\/\d{20}\.json$/.test(key))
    .map((key) => Number.parseInt(key.slice(-25), 10));

export const contentOf = async (store: ObjectStore, fecha = DATE): Promise<string[]> => {
  const { files } = await readTable(store, 'tabla');
  const ofDate = files.filter((file) => file.fecha === fecha);
  return Promise.all(ofDate.map(async ({ path }) => Buffer.from(await store.read(`tabla/${path}`)).toString()));
};

/** What glob readers see is what readers of the log see. */
export const expectNoLitter = async (store: ObjectStore): Promise<void> => {
  const { files } = await readTable(store, 'tabla');
  const named = files.map(({ path }) => `tabla/${path}`);
  expect(await keysUnder(store, 'tabla/fecha_modelo=')).toEqual(named.toSorted());
};

export const commit = async (store: ObjectStore, version: number): Promise<{ [action: string]: unknown }[]> =>
  Buffer.from(await store.read(commitKey('tabla', version)))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));

export const actions = (lines: { [action: string]: unknown }[], name: string): unknown[] =>
  lines.flatMap((line) => (name in line ? [line[name]] : []));
