import { PermanentError } from '../dag/permanent-error.js';
import { contentWhileWritten } from '../lake/content-hash.js';
import type { FileContent } from '../lake/content-hash.js';
import type { DuckDb } from '../lake/duckdb.js';
import { text } from '../lake/sql.js';

export type ParquetCodec = 'snappy' | 'zstd' | 'gzip' | 'uncompressed';

export interface ParquetQuery {
  readonly select: string;
  /**
   * A total order: with it the file's bytes depend on the rows alone. `null` for rows that are in order, which DuckDB keeps: those of a
   * table that was filled so, as sorting it would take its memory twice, or of a select that ends with its own `ORDER BY`.
   */
  readonly orderBy: string | null;
  readonly codec?: ParquetCodec;
  /**
   * Whether most columns have another value in each row, as those of one row a customer do. Dictionaries of their values, which
   * DuckDB makes and throws away once they are too long, are then given up sooner.
   */
  readonly mostlyDistinct?: boolean;
  /** Kept in the file's footer, and so part of its digest. */
  readonly metadata?: { readonly [key: string]: string };
}

export interface WrittenFile {
  readonly file: string;
  readonly rows: number;
  readonly schema: readonly string[];
  readonly content: FileContent;
}

/** Of a row group's 122,880 rows. */
const FEW_VALUES = 4_096;

/** Writes a query's rows to a file as `copyToParquet`, and says what is in it. The query must not read `file`, which is removed first. */
export async function writeParquet(db: DuckDb, file: string, query: ParquetQuery): Promise<WrittenFile> {
  const columns = await db.describe(query.select);
  if (columns.length === 0) throw new PermanentError(`Expected columns to write to ${file}, got none`);
  const content = await contentWhileWritten(file, async () => copyToParquet(db, file, query));
  const [count] = await db.rows(`SELECT num_rows::DOUBLE AS rows FROM parquet_file_metadata(${text(file)})`);
  return { file, rows: Number(count?.rows), schema: columns.map(({ name, type }) => `${name} ${type}`), content };
}

/**
 * Writes a query's rows to a Parquet file that old readers open too: version 1 pages, Snappy unless another codec is
 * asked for.
 */
export async function copyToParquet(db: DuckDb, file: string, query: ParquetQuery): Promise<void> {
  const metadata = Object.entries(query.metadata ?? {}).map(([key, value]) => `${key}: ${text(value)}`);
  const options = ['FORMAT parquet', 'PARQUET_VERSION v1', `COMPRESSION ${query.codec ?? 'snappy'}`];
  if (query.mostlyDistinct === true) options.push(`DICTIONARY_SIZE_LIMIT ${FEW_VALUES}`);
  if (metadata.length > 0) options.push(`KV_METADATA {${metadata.join(', ')}}`);
  const order = query.orderBy === null ? '' : ` ORDER BY ${query.orderBy}`;
  await db.run(`COPY (SELECT * FROM (${query.select})${order}) TO ${text(file)} (${options.join(', ')})`);
}
