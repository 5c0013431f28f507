import { readTable } from '../../lake/delta-log.js';
import { defineSensor } from '../define-activity.js';

export interface PartitionWanted {
  readonly table: string;
  readonly fecha: string;
}

export interface PartitionFound {
  readonly table: string;
  readonly fecha: string;
  /** Of the table's log, at which the partition got its content. */
  readonly version: number;
  /** Of the partition's file. */
  readonly sha256: string;
  readonly rows: number;
}

/** A sensor: a date's partition of a published table. */
export const waitForPartition = defineSensor<PartitionWanted, PartitionFound>(
  1,
  async ({ table, fecha }, { store }) => {
    const file = (await readTable(store, table)).files.find((candidate) => candidate.fecha === fecha);
    if (file === undefined) return { notYet: `no partition ${fecha} of ${table} in lake ${store.url}` };
    const { version, rows, tags } = file;
    const output = { table, fecha, version, sha256: tags['sha256'] ?? '', rows };
    return { output, note: `${table} of ${fecha}, version ${version}` };
  },
);
