/** Quotes a name for SQL: `column("a\"b")` is `"a""b"`. */
export const column = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Quotes a text for SQL, for the places where DuckDB takes no bound parameter (COPY, table functions). */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

export const textList = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;

/**
 * A Parquet file as a table expression. Folders such as `env=prod` on its path add no column: where the file lies is not
 * part of what it says.
 */
export const parquetFile = (path: string): string => `read_parquet(${text(path)}, hive_partitioning = false)`;
