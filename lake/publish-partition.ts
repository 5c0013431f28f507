import { contentOf } from './content-hash.js';
import type { FileContent } from './content-hash.js';
import { PARTITION_COLUMN } from './delta-schema.js';
import type { TableSchema } from './delta-schema.js';
import type { ObjectStore } from './object-store.js';
import { replacePartition } from './replace-partition.js';

export interface Partition {
  readonly table: TableSchema;
  /** `YYYY-MM-DD` */
  readonly fecha: string;
  /** Local Parquet file with the table's columns, less the partition column. */
  readonly file: string;
  /** Of the file, by whoever wrote it; left out, it is read for it. */
  readonly content?: FileContent;
  readonly rows: number;
  /** What belongs to this content (artifacts, by name): another value is another version. */
  readonly tags: { readonly [tag: string]: string };
  /** Who publishes: shown to whoever loses a race. Does not make a version of its own. */
  readonly run: string;
}

export interface Published {
  readonly table: string;
  readonly fecha: string;
  /** Version of the table that holds this partition. */
  readonly version: number;
  /** Key of the partition's file below the lake's root. */
  readonly path: string;
  readonly rows: number;
  /** The table held this content already: no version was added. */
  readonly unchanged: boolean;
}

/**
 * Makes `file` the content of its partition, as `replacePartition` does it. Publishing the same content again changes
 * nothing; `PublishConflict` where another one published the date meanwhile.
 */
export async function publishPartition(store: ObjectStore, partition: Partition): Promise<Published> {
  const { table, fecha, file, rows, run } = partition;
  const content = partition.content ?? (await contentOf(file));
  const { path, ...replaced } = await replacePartition(store, {
    ...partition,
    content,
    operation: {
      operation: 'WRITE',
      operationParameters: { mode: 'Overwrite', partitionBy: `["${PARTITION_COLUMN}"]` },
      run,
    },
    advice: `Run ${fecha} again if its result should replace that one`,
  });
  return { table: table.name, fecha, ...replaced, path: `${table.name}/${path}`, rows };
}
