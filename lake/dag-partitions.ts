import { ALL_TABLES } from './all-tables.js';
import { readTable } from './delta-log.js';
import { PARTITION_COLUMN } from './delta-schema.js';
import type { ObjectStore } from './object-store.js';

/** What a table holds of a date. */
export interface HeldPartition {
  /** Version of the table that put it there. */
  readonly version: number;
  readonly rows: number;
  /** Who published it: `segmentation/2017-07-03/<run id>`; null where another program did. */
  readonly run: string | null;
  /** Whether the files that the log names are in the lake. */
  readonly there: boolean;
}

export interface DagTable {
  readonly table: string;
  readonly partitions: ReadonlyMap<string, HeldPartition>;
}

/** The tables that hold something a run of the DAG published, and what they hold now, by date. */
export async function tablesOfDag(store: ObjectStore, dag: string): Promise<readonly DagTable[]> {
  const tables = await Promise.all(ALL_TABLES.map(async ({ name }) => tableOf(store, name)));
  const isOurs = ({ partitions }: DagTable): boolean =>
    [...partitions.values()].some(({ run }) => run?.startsWith(`${dag}/`) === true);
  return tables.filter(isOurs);
}

async function tableOf(store: ObjectStore, table: string): Promise<DagTable> {
  const { files } = await readTable(store, table);
  const there = new Set<string>();
  if (files.length > 0) {
    for await (const { key } of store.list(`${table}/${PARTITION_COLUMN}=`)) there.add(key);
  }
  const partitions = new Map<string, HeldPartition>();
  for (const { fecha, path, version, rows, tags } of files) {
    const other = partitions.get(fecha);
    partitions.set(fecha, {
      version: Math.max(version, other?.version ?? 0),
      rows: rows + (other?.rows ?? 0),
      run: tags['run'] ?? other?.run ?? null,
      there: there.has(`${table}/${path}`) && (other?.there ?? true),
    });
  }
  return { table, partitions };
}
