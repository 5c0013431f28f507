import type { DuckDb } from '../lake/duckdb.js';

/**
 * Whether a source's select gives the same rows as long as its files are the same: it calls no function that gives something
 * else each time or on another day (`random()`, `now()`), and reads no files of its own. In doubt it does not: what is not
 * repeatable is only asked again for each task.
 */
export async function isRepeatable(db: DuckDb, select: string): Promise<boolean> {
  if (/\bcurrent_(date|time|timestamp|user)\b|\blocaltime|\b(from|join)\s*'/i.test(select)) return false;
  const rows = await db.rows(`SELECT DISTINCT lower(function_name) AS name FROM duckdb_functions()
    WHERE function_type IN ('table', 'table_macro') OR stability <> 'CONSISTENT'`);
  const unsteady = new Set(rows.map(({ name }) => String(name)));
  const called = [...select.toLowerCase().matchAll(/\b(\w+)"?\s*\(/g)].map(([, name = '']) => name);
  return !called.some((name) => unsteady.has(name));
}
