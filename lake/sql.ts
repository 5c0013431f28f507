/** Quotes a name for SQL: `column("a\"b")` is `"a""b"`. */
export const column = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Quotes a text for SQL, for the places where DuckDB takes no bound parameter (COPY, table functions). */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

export const textList = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;
