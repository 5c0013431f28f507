import { DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { column, text } from './sql.js';

export interface DuckDbOptions {
  readonly threads: number;
  /** Above it queries spill to `spillFolder`. DuckDB's notation: `2GB`. */
  readonly memoryLimit: string;
  readonly spillFolder: string;
  /** IANA name: in which zone a moment becomes a calendar date. */
  readonly timeZone: string;
}

/** Rows that DuckDB takes over at once. */
const CHUNK_ROWS = 2_048;
/** Rows that are handed over before others have a turn on the event loop. */
const TURN_ROWS = 2 * CHUNK_ROWS;

/** A small result's row. Queries that read rows this way select scalars only. */
export type Row = { readonly [column: string]: string | number | bigint | boolean | Date | null };

/** Gives rows to a table, in order. They are all there once it is closed. */
export interface RowAppender {
  /** One value a column: BIGINT or VARCHAR. */
  add(values: readonly (string | bigint | null)[]): void;
  close(): void;
}

const FLUSHED_ROWS = 20_480;

/**
 * One in-memory DuckDB, for the length of one task. Rows stay inside it: what comes out are files and small results.
 * Insertion order is kept and nothing is ever downloaded, so that a query with a total order writes the same bytes
 * whatever the number of threads.
 */
export class DuckDb {
  private isInterrupted = false;

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  static async open(options: DuckDbOptions): Promise<DuckDb> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(options.threads),
      memory_limit: options.memoryLimit,
      temp_directory: options.spillFolder,
      autoinstall_known_extensions: 'false',
      preserve_insertion_order: 'true',
    });
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = ${text(options.timeZone)}; SET enable_progress_bar = true`);
    await connection.run('SET enable_progress_bar_print = false');
    // Chunks are made ready while others are looked at; in the 1 MB that it is by default both sides wait for each other.
    await connection.run("SET streaming_buffer_size = '16MB'");
    return new DuckDb(instance, connection);
  }

  async run(sql: string, values: readonly DuckDBValue[] = []): Promise<void> {
    await this.connection.run(sql, [...values]);
  }

  /** A small result as objects, one a row. Big integers come as `bigint`: cast in SQL where a number is wanted. */
  async rows(sql: string, values: readonly DuckDBValue[] = []): Promise<readonly Row[]> {
    // Lists and structs are not selected this way; everything else comes as one of these.
    return (await this.connection.runAndReadAll(sql, [...values])).getRowObjectsJS() as unknown as Row[];
  }

  /** Names and types of a query's columns, in order; the query is not run. */
  async describe(sql: string): Promise<readonly { readonly name: string; readonly type: string }[]> {
    const rows = await this.rows(`DESCRIBE ${sql}`);
    return rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
  }

  /**
   * A query's rows, chunk by chunk and column by column, so that a large result never stands in memory twice.
   * `visit` gets the index of the chunk's first row and one array a column.
   */
  async eachChunk(
    sql: string,
    visit: (firstRow: number, columns: readonly (readonly DuckDBValue[])[]) => void,
  ): Promise<number> {
    return this.eachOf(await this.connection.stream(sql), (firstRow, chunk) => visit(firstRow, chunk.getColumns()));
  }

  /**
   * The rows of a query of a VARCHAR column and then DOUBLE columns, none of them null, chunk by chunk: texts as strings,
   * numbers where DuckDB has them, to be read before `visit` returns. Reads a wide table in half the time of `eachChunk`,
   * which makes a value of each number.
   */
  async eachNumbers(
    sql: string,
    visit: (firstRow: number, texts: readonly string[], columns: readonly Float64Array[]) => void,
  ): Promise<number> {
    const fits = (type: string, c: number): boolean => type === (c === 0 ? 'VARCHAR' : 'DOUBLE');
    return this.eachVectors(sql, 'a VARCHAR column and then DOUBLE columns', fits, (firstRow, chunk, columns) => {
      const doubles = columns
        .slice(1)
        .map((c) => new Float64Array(...dataOf(chunk, c, Float64Array.BYTES_PER_ELEMENT)));
      visit(firstRow, chunk.getColumnValues(0).map(String), doubles);
    });
  }

  /** The same of a query of INTEGER and DATE columns, none of them null; a date is its days since 1970-01-01. */
  async eachInts(sql: string, visit: (columns: readonly Int32Array[]) => void): Promise<number> {
    const fits = (type: string): boolean => type === 'INTEGER' || type === 'DATE';
    return this.eachVectors(sql, 'INTEGER and DATE columns', fits, (_, chunk, columns) =>
      visit(columns.map((c) => new Int32Array(...dataOf(chunk, c, Int32Array.BYTES_PER_ELEMENT)))),
    );
  }

  private async eachVectors(
    sql: string,
    expected: string,
    fits: (type: string, column: number) => boolean,
    visit: (firstRow: number, chunk: DuckDBDataChunk, columns: readonly number[]) => void,
  ): Promise<number> {
    const result = await this.connection.stream(sql);
    const types = result.columnTypes().map(String);
    if (!types.every(fits)) throw new TypeError(`Expected ${expected}, got ${types.join(', ')}`);
    const columns = [...types.keys()];
    return this.eachOf(result, (firstRow, chunk) => visit(firstRow, chunk, columns));
  }

  private async eachOf(
    result: DuckDBResult,
    visit: (firstRow: number, chunk: DuckDBDataChunk) => void,
  ): Promise<number> {
    let rows = 0;
    for (;;) {
      const chunk = await result.fetchChunk();
      // A stream that is interrupted ends like one that has no more rows: what came of it must not be taken for all.
      if (this.isInterrupted) throw new Error('Expected the rows of a query to its end, it was interrupted');
      if (chunk === null || chunk.rowCount === 0) return rows;
      visit(rows, chunk);
      rows += chunk.rowCount;
    }
  }

  /** A way to fill a table row by row, for what no query can read. */
  async appender(table: string): Promise<RowAppender> {
    const appender = await this.connection.createAppender(table);
    let rows = 0;
    return {
      add(values) {
        for (const value of values) {
          if (value === null) appender.appendNull();
          else if (typeof value === 'bigint') appender.appendBigInt(value);
          else appender.appendVarchar(value);
        }
        appender.endRow();
        rows += 1;
        // In the table they may spill; here they would not.
        if (rows % FLUSHED_ROWS === 0) appender.flushSync();
      },
      close: () => appender.closeSync(),
    };
  }

  /** Adds rows to a table, given column by column. */
  async append(table: string, columns: readonly (readonly DuckDBValue[] | Int32Array)[]): Promise<void> {
    const appender = await this.connection.createAppender(table);
    try {
      const types = columns.map((_, i) => appender.columnType(i));
      const rows = columns[0]?.length ?? 0;
      for (let from = 0; from < rows; from += CHUNK_ROWS) {
        if (from > 0 && from % TURN_ROWS === 0) await nextTurn();
        const part = columns.map((values) => Array.from(values.slice(from, from + CHUNK_ROWS)));
        const chunk = DuckDBDataChunk.create(types, part[0]?.length ?? 0);
        chunk.setColumns(part);
        appender.appendDataChunk(chunk);
      }
    } finally {
      appender.closeSync();
    }
  }

  /** How far the running query is, in percent; -1 where DuckDB cannot tell. */
  percentDone(): number {
    return this.connection.progress.percentage;
  }

  /** Stops the running query; its promise rejects, and so does whatever is read chunk by chunk from then on. */
  interrupt(): void {
    this.isInterrupted = true;
    this.connection.interrupt();
  }

  /**
   * Gives its memory back before it ends, on threads of DuckDB's own: ending alone does it on the event loop, which would stand
   * still for a tenth of a second for each GB.
   */
  async close(): Promise<void> {
    try {
      const tables = await this.rows('SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT temporary');
      for (const { schema_name: schema, table_name: name } of tables) {
        await this.run(`DROP TABLE ${column(String(schema))}.${column(String(name))}`);
      }
      await this.run("SET memory_limit = '1MB'");
    } catch {
      // Interrupted, or out of its memory: then it ends as it is.
    }
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** What a typed array is made of to be a column of a chunk, in place. */
function dataOf(
  { chunk, rowCount }: DuckDBDataChunk,
  column: number,
  bytesPerElement: number,
): [ArrayBufferLike, number, number] {
  const data = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, column), rowCount * bytesPerElement);
  return [data.buffer, data.byteOffset, rowCount];
}
