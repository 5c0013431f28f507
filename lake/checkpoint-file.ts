import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDb } from './duckdb.js';
import { column, parquetFile, text } from './sql.js';

const MAP = 'MAP(VARCHAR, VARCHAR)';

/**
 * A checkpoint's columns in DuckDB's types: a row is one action, in the column of its name.
 * Source: Delta transaction log protocol, "Checkpoint schema", for tables without features of later versions.
 */
const COLUMNS = {
  txn: { appId: 'VARCHAR', version: 'BIGINT', lastUpdated: 'BIGINT' },
  add: {
    path: 'VARCHAR',
    partitionValues: MAP,
    size: 'BIGINT',
    modificationTime: 'BIGINT',
    dataChange: 'BOOLEAN',
    tags: MAP,
    stats: 'VARCHAR',
  },
  remove: {
    path: 'VARCHAR',
    deletionTimestamp: 'BIGINT',
    dataChange: 'BOOLEAN',
    extendedFileMetadata: 'BOOLEAN',
    partitionValues: MAP,
    size: 'BIGINT',
    tags: MAP,
  },
  metaData: {
    id: 'VARCHAR',
    name: 'VARCHAR',
    description: 'VARCHAR',
    format: `STRUCT(provider VARCHAR, options ${MAP})`,
    schemaString: 'VARCHAR',
    partitionColumns: 'VARCHAR[]',
    configuration: MAP,
    createdTime: 'BIGINT',
  },
  protocol: { minReaderVersion: 'INTEGER', minWriterVersion: 'INTEGER' },
} as const;

const struct = (fields: { readonly [name: string]: string }): string =>
  `STRUCT(${Object.entries(fields)
    .map(([name, type]) => `${column(name)} ${type}`)
    .join(', ')})`;

const columnsOption = `{${Object.entries(COLUMNS)
  .map(([name, fields]) => `${name}: ${text(struct(fields))}`)
  .join(', ')}}`;

/** Longer than any action: an index in a tag may be long, and so may the statistics of other writers. */
const LONGEST_ACTION = 64 * 1024 * 1024;

/** Calls `use` with a checkpoint file of these actions, each an object as a line of a commit is; it is removed after that. */
export async function withCheckpointFile<Result>(
  actions: readonly object[],
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  return withFolder(async (folder) => {
    const lines = join(folder, 'actions.json');
    const file = join(folder, 'checkpoint.parquet');
    await writeFile(lines, actions.map((action) => `${JSON.stringify(action)}\n`).join(''));
    const options = [
      "format = 'newline_delimited'",
      `columns = ${columnsOption}`,
      `maximum_object_size = ${LONGEST_ACTION}`,
    ];
    await withDuckDb(folder, async (db) =>
      db.run(
        `COPY (SELECT * FROM read_json(${text(lines)}, ${options.join(', ')})) ` +
          `TO ${text(file)} (FORMAT parquet, PARQUET_VERSION v1, COMPRESSION snappy)`,
      ),
    );
    return use(file);
  });
}

/** The rows of a checkpoint as lines of a commit. Throws where it is no Parquet file, or one that is cut. */
export async function checkpointLines(bytes: Uint8Array): Promise<readonly string[]> {
  return withFolder(async (folder) => {
    const file = join(folder, 'checkpoint.parquet');
    await writeFile(file, bytes);
    // As one value: JSON has no line breaks of its own, and a value a row costs more than all the rest.
    const [all] = await withDuckDb(folder, async (db) =>
      db.rows(`SELECT string_agg(to_json(action)::VARCHAR, chr(10)) AS lines FROM ${parquetFile(file)} action`),
    );
    return typeof all?.lines === 'string' ? all.lines.split('\n') : [];
  });
}

async function withFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'segmenta-checkpoint-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withDuckDb<Result>(folder: string, use: (db: DuckDb) => Promise<Result>): Promise<Result> {
  const db = await DuckDb.open({ threads: 1, memoryLimit: '1GB', spillFolder: folder, timeZone: 'UTC' });
  try {
    return await use(db);
  } finally {
    await db.close();
  }
}
