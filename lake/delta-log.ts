import { z } from 'zod';
import { PARTITION_COLUMN } from './delta-schema.js';
import type { ObjectStore } from './object-store.js';

/** A file that makes up one partition of a table. */
export interface TableFile {
  /** Relative to the table's folder: `fecha_modelo=2017-07-03/part-….parquet`. */
  readonly path: string;
  /** The partition's date, `YYYY-MM-DD`. */
  readonly fecha: string;
  readonly bytes: number;
  readonly rows: number;
  /** Version of the commit that put it there. */
  readonly version: number;
  /** What the commit says of it: the content's hash, the run, artifacts that belong to it. */
  readonly tags: { readonly [tag: string]: string };
}

/** A table as its log says it is at one version. */
export interface TableSnapshot {
  /** Version of the newest commit; -1 where the table does not exist yet. */
  readonly version: number;
  readonly schemaString: string | undefined;
  /** Files that readers must read, by partition, in order of the partition's date. */
  readonly files: readonly TableFile[];
  /** Paths that a commit replaced and no later one brought back: no reader of the log opens them. */
  readonly replaced: ReadonlySet<string>;
}

const addAction = z.object({
  path: z.string(),
  size: z.number(),
  partitionValues: z.record(z.string(), z.string().nullable()),
  stats: z.string().nullish(),
  tags: z.record(z.string(), z.string().nullable()).nullish(),
});

const action = z.object({
  add: addAction.optional(),
  remove: z.object({ path: z.string() }).optional(),
  metaData: z.object({ schemaString: z.string() }).optional(),
});

export const commitKey = (table: string, version: number): string =>
  `${table}/_delta_log/${String(version).padStart(20, '0')}.json`;

/** Reads a table's log from its first commit. Readers that go by it never see a partition half replaced. */
export async function readTable(store: ObjectStore, table: string): Promise<TableSnapshot> {
  const files = new Map<string, TableFile>();
  const replaced = new Set<string>();
  let version = -1;
  let schemaString: string | undefined;
  for await (const object of store.list(`${table}/_delta_log/`)) {
    const name = /\/(\d{20})\.json$/.exec(object.key);
    if (name === null) continue;
    version = Number(name[1]);
    for (const line of Buffer.from(await store.read(object.key))
      .toString('utf8')
      .split('\n')) {
      if (line.trim() === '') continue;
      const entry = action.parse(JSON.parse(line));
      if (entry.metaData !== undefined) schemaString = entry.metaData.schemaString;
      if (entry.remove !== undefined) {
        files.delete(entry.remove.path);
        replaced.add(entry.remove.path);
      }
      if (entry.add !== undefined) {
        files.set(entry.add.path, tableFile(entry.add, version));
        replaced.delete(entry.add.path);
      }
    }
  }
  const ordered = [...files.values()];
  ordered.sort((a, b) => (a.fecha < b.fecha ? -1 : a.fecha > b.fecha ? 1 : a.path < b.path ? -1 : 1));
  return { version, schemaString, files: ordered, replaced };
}

function tableFile(add: z.infer<typeof addAction>, version: number): TableFile {
  const tags = Object.entries(add.tags ?? {}).filter((tag): tag is [string, string] => tag[1] !== null);
  return {
    path: add.path,
    fecha: add.partitionValues[PARTITION_COLUMN] ?? '',
    bytes: add.size,
    rows: rowsIn(add.stats),
    version,
    tags: Object.fromEntries(tags),
  };
}

const rowsIn = (stats: string | null | undefined): number =>
  z.object({ numRecords: z.number() }).parse(JSON.parse(stats ?? '{"numRecords":0}')).numRecords;
