import { createHash, randomUUID } from 'node:crypto';
import type { FileContent } from './content-hash.js';
import type { TableFile } from './delta-log.js';
import { PARTITION_COLUMN, schemaString } from './delta-schema.js';
import type { TableSchema } from './delta-schema.js';

/** What a commit says of a partition, beside its file's bytes. */
export interface PartitionFacts {
  readonly table: TableSchema;
  /** `YYYY-MM-DD` */
  readonly fecha: string;
  readonly rows: number;
  readonly tags: { readonly [tag: string]: string };
  /** Who commits: shown to whoever loses a race. No part of the content. */
  readonly run: string;
  /** What the commit's `commitInfo` says of it, beside when and by what software. */
  readonly operation: CommitInfo;
}

/** In the names that Delta's own writers use, so that every reader's history of the table shows them. */
export interface CommitInfo {
  readonly operation: 'WRITE' | 'RESTORE';
  readonly operationParameters: { readonly [name: string]: string };
  /** The run that published. */
  readonly run?: string;
  /** The person who committed, and why. */
  readonly userName?: string;
  readonly userMetadata?: string;
}

/** Our commits use append, overwrite and partitions: nothing beyond the first versions of the protocol. */
export const PROTOCOL = { minReaderVersion: 1, minWriterVersion: 2 } as const;

export type AddAction = ReturnType<typeof addAction>;

/**
 * The file's name comes from its content and from the file it replaces. So a publish that died is taken up under the
 * same name, while a content that comes back later gets a new one: the removal of its first file cannot hit it.
 */
export function addAction(partition: PartitionFacts, content: FileContent, replaces: readonly TableFile[]) {
  const lineage = createHash('sha256').update(
    JSON.stringify([content.sha256, partition.tags, replaces.map((file) => [file.path, file.version])]),
  );
  return {
    path: `${PARTITION_COLUMN}=${partition.fecha}/part-${lineage.digest('hex').slice(0, 32)}.parquet`,
    partitionValues: { [PARTITION_COLUMN]: partition.fecha },
    size: content.bytes,
    modificationTime: Date.now(),
    dataChange: true,
    stats: JSON.stringify({ numRecords: partition.rows }),
    tags: { ...partition.tags, sha256: content.sha256, run: partition.run },
  };
}

/** Whether a file's name was given by `addAction`, and not by another program. */
export const isOwnFile = (path: string): boolean => /\/part-[0-9a-f]{32}\.parquet$/.test(path);

/** The run that published is a fact about the commit, not about the content. */
const comparable = (tags: { readonly [tag: string]: string }): string =>
  JSON.stringify(
    Object.entries(tags)
      .filter(([tag]) => tag !== 'run')
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

export const sameContent = (file: TableFile | undefined, tags: AddAction['tags']): file is TableFile =>
  file !== undefined && comparable(file.tags) === comparable(tags);

/** Tells contents of one partition apart. Other programs do not say what is in their files: those go by their names. */
export const contentKey = (files: readonly TableFile[]): string =>
  JSON.stringify(files.map(({ path, tags }) => (tags.sha256 === undefined ? path : comparable(tags))).toSorted());

/**
 * The lines of commit `version`. `txnId` makes every commit's bytes its own: a retry that finds them in the log knows
 * that it was the one.
 */
export function commitBody(
  partition: PartitionFacts,
  add: AddAction,
  replaces: readonly TableFile[],
  version: number,
): string {
  const timestamp = Date.now();
  const actions: object[] = [
    {
      commitInfo: {
        timestamp,
        ...partition.operation,
        engineInfo: 'segmenta',
        txnId: randomUUID(),
      },
    },
  ];
  if (version === 0) actions.push({ protocol: PROTOCOL }, { metaData: metaData(partition.table) });
  for (const { path, bytes, fecha } of replaces) {
    const partitionValues = { [PARTITION_COLUMN]: fecha };
    const remove = {
      path: encodeURI(path),
      deletionTimestamp: timestamp,
      dataChange: true,
      extendedFileMetadata: true,
    };
    actions.push({ remove: { ...remove, partitionValues, size: bytes } });
  }
  actions.push({ add });
  return actions.map((action) => `${JSON.stringify(action)}\n`).join('');
}

const metaData = (table: TableSchema): object => ({
  id: randomUUID(),
  name: table.name,
  description: table.description,
  format: { provider: 'parquet', options: {} },
  schemaString: schemaString(table),
  partitionColumns: [PARTITION_COLUMN],
  configuration: {},
  createdTime: Date.now(),
});
