import { join } from 'node:path';
import { openArtifact } from '../lake/artifact-store.js';
import type { Artifact } from '../dag/artifact.js';
import type { Config } from '../config/load-config.js';
import { BadConfig } from '../config/bad-config.js';
import { readTable } from '../lake/delta-log.js';
import type { TableFile } from '../lake/delta-log.js';
import { PARTITION_COLUMN } from '../lake/delta-schema.js';
import type { TableSchema } from '../lake/delta-schema.js';
import { DuckDb } from '../lake/duckdb.js';
import type { Row } from '../lake/duckdb.js';
import type { ObjectStore } from '../lake/object-store.js';
import { column, parquetFile, text } from '../lake/sql.js';

/** The file of a table's partition, by the table's log; the newest date where none is said. */
export async function publishedFile(store: ObjectStore, table: string, fecha: string | undefined): Promise<TableFile> {
  const { files } = await readTable(store, table);
  const file = fecha === undefined ? files.at(-1) : files.find((candidate) => candidate.fecha === fecha);
  if (file !== undefined) return file;
  if (files.length === 0)
    throw new BadConfig(`The lake ${store.url} has no table ${table} yet: run a DAG that publishes it`);
  const dates = files.map((candidate) => candidate.fecha);
  throw new BadConfig(`Expected one of the dates of ${table} (${dates.join(', ')}), got ${fecha}`);
}

/** Queries one partition: `sql` sees it as `partition`, with the table's columns in order. */
export async function queryPartition(
  config: Config,
  store: ObjectStore,
  table: TableSchema,
  file: TableFile,
  sql: string,
): Promise<readonly Row[]> {
  const path = await openPublished(config, store, table, file);
  return withDuckDb(config, async (db) => {
    const columns = table.columns.map(({ name }) =>
      name === PARTITION_COLUMN ? `${text(file.fecha)} AS ${name}` : column(name),
    );
    await db.run(`CREATE VIEW partition AS SELECT ${columns.join(', ')} FROM ${parquetFile(path)}`);
    return db.rows(sql);
  });
}

/** A local path to read a published file from. */
export async function openPublished(
  config: Config,
  store: ObjectStore,
  table: TableSchema,
  file: TableFile,
): Promise<string> {
  const sha256 = file.tags.sha256 ?? '';
  const artifact: Artifact = {
    kind: table.name,
    uri: `${table.name}/${file.path}`,
    sha256,
    bytes: file.bytes,
    rows: file.rows,
    schema: [],
  };
  return openArtifact(store, join(config.home, 'cache'), artifact);
}

/** A DuckDB of the configured size, for the length of `use`. */
export async function withDuckDb<Result>(config: Config, use: (db: DuckDb) => Promise<Result>): Promise<Result> {
  const db = await DuckDb.open({
    threads: config.engine.threads,
    memoryLimit: config.engine.memory,
    spillFolder: join(config.home, 'cache', 'spill'),
    timeZone: config.timeZone,
  });
  try {
    return await use(db);
  } finally {
    await db.close();
  }
}
