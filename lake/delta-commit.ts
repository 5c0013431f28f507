import { z } from 'zod';
import { PermanentError } from '../dag/permanent-error.js';
import type { ObjectStore } from './object-store.js';

/** The table's log holds what is not understood here: going on would read wrong rows, or break the table. */
export class UnsupportedTable extends PermanentError {
  override readonly name = 'UnsupportedTable';
}

/** Deletion vectors and renamed columns come with later versions: whoever skips them reads wrong rows. */
const READER_VERSION = 1;

const addAction = z.object({
  path: z.string(),
  size: z.number(),
  partitionValues: z.record(z.string(), z.string().nullable()),
  stats: z.string().nullish(),
  tags: z.record(z.string(), z.string().nullable()).nullish(),
});

const removeAction = z.object({ path: z.string(), deletionTimestamp: z.number().nullish() });

/** For people, and free in form: what is not of the usual form is as good as not said. */
const said = z.string().optional().catch(undefined);
const commitInfo = z.object({
  timestamp: z.number().optional().catch(undefined),
  operation: said,
  operationParameters: z.record(z.string(), z.unknown()).optional().catch(undefined),
  run: said,
  userName: said,
  userMetadata: said,
});

/** What a commit says of itself; who wrote it is free to say nothing. */
export type LoggedInfo = z.infer<typeof commitInfo>;

/** Actions and fields of other writers that say nothing about files or schema are passed over. */
const action = z.object({
  commitInfo: commitInfo.nullish().catch(undefined),
  add: addAction.nullish(),
  remove: removeAction.nullish(),
  metaData: z.object({ schemaString: z.string(), partitionColumns: z.array(z.string()) }).nullish(),
  protocol: z.object({ minReaderVersion: z.number(), minWriterVersion: z.number() }).nullish(),
});

type LoggedAction = z.infer<typeof action>;

export type AddedFile = z.infer<typeof addAction> & { readonly rows: number };

/** What a line of a commit says, as far as it says anything about files, schema or the commit itself. */
export interface CommitAction extends Pick<LoggedAction, 'commitInfo' | 'remove' | 'metaData' | 'protocol'> {
  readonly add: AddedFile | null | undefined;
}

export const commitKey = (table: string, version: number): string =>
  `${table}/_delta_log/${String(version).padStart(20, '0')}.json`;

/** The lines of one commit as they were written, one action each. Throws `ObjectNotFound`. */
export async function readCommitLines(store: ObjectStore, table: string, version: number): Promise<readonly string[]> {
  const text = Buffer.from(await store.read(commitKey(table, version))).toString('utf8');
  return text.split('\n').filter((line) => line.trim() !== '');
}

/**
 * The actions of one commit, in order; paths are unescaped. Throws `ObjectNotFound`, and `UnsupportedTable` where a line
 * is damaged, asks for a newer reader, or names a file outside the table's folder.
 * Source: Delta transaction log protocol, "Actions".
 */
export async function readCommit(store: ObjectStore, table: string, version: number): Promise<readonly CommitAction[]> {
  const lines = await readCommitLines(store, table, version);
  try {
    return lines.map(parseAction);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnsupportedTable(
      `Expected a Delta commit in '${commitKey(table, version)}' of lake ${store.url}, got one with ${reason}`,
      { cause: error },
    );
  }
}

/** One line of a commit, or one row of a checkpoint. Throws an Error with the reason why it cannot be understood. */
export function parseAction(line: string): CommitAction {
  const { commitInfo, add, remove, metaData, protocol } = action.parse(JSON.parse(line));
  const version = protocol?.minReaderVersion ?? READER_VERSION;
  if (version > READER_VERSION) {
    throw new Error(
      `minReaderVersion ${version}: another program turned on a feature (deletion vectors, column mapping) ` +
        `that only readers above version ${READER_VERSION} understand`,
    );
  }
  return {
    commitInfo,
    metaData,
    protocol,
    add: add && { ...add, path: filePath(add.path), rows: rowsIn(add.stats) },
    remove: remove && { ...remove, path: filePath(remove.path) },
  };
}

/** Paths are URIs (RFC 2396) in the log. Ours need no escaping. */
export function filePath(uri: string): string {
  if (uri.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(uri)) throw new Error(`a file outside the table, '${uri}'`);
  return decodeURIComponent(uri);
}

const statistics = z.object({ numRecords: z.number().nullish() });

/** 0 where the statistics do not say. */
const rowsIn = (stats: string | null | undefined): number =>
  statistics.parse(JSON.parse(stats === '' ? '{}' : (stats ?? '{}'))).numRecords ?? 0;
