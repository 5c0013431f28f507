import type { DuckDb } from '../lake/duckdb.js';

const PLAIN = new Set(['PROJECTION', 'FILTER', 'UNION', 'READ_PARQUET']);

/**
 * Whether a query only reads Parquet files, row by row: columns are computed and rows left out, and nothing is joined,
 * grouped or put in order. Asking such a query again for some of its columns costs less than keeping its rows.
 */
export async function isPlainRead(db: DuckDb, select: string): Promise<boolean> {
  const [explained] = await db.rows(`EXPLAIN (FORMAT json) ${select}`);
  const operators = [...String(explained?.explain_value).matchAll(/"name": "([^"]*)"/g)].map(([, name = '']) =>
    name.trim(),
  );
  return operators.length > 0 && operators.every((name) => PLAIN.has(name));
}
