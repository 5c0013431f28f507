import type { DuckDb } from '../lake/duckdb.js';
import { text } from '../lake/sql.js';

/** Channels with columns of their own, at most. */
export const CHANNELS_AT_MOST = 10;

/** The category of everything that has no columns of its own. */
export const OTHERS = 'otros';

export interface CategoryRule {
  /** A table of `dni` and the category's column, one row for each pair of them. */
  readonly table: string;
  readonly column: string;
  /** How many there are, whatever they bought. */
  readonly customers: number;
  readonly minShare: number;
  readonly atMost: number;
  /** Categories that never get columns of their own. */
  readonly never: readonly string[];
}

/**
 * The categories of a window that get columns of their own, in the order of their names: those used by at least
 * `minShare` of the customers; where that leaves more than `atMost`, the ones with the most customers, ties by name.
 * All others, the missing and the unknown are the long tail, `otros`.
 */
export async function chooseCategories(db: DuckDb, rule: CategoryRule): Promise<readonly string[]> {
  const { table, column, customers, minShare, atMost } = rule;
  // Names of columns are the same where only their case differs.
  const left = [...rule.never, OTHERS].map(text).join(', ');
  const rows = await db.rows(`
    SELECT ${column} AS name, count(*) AS customers FROM ${table}
    WHERE ${column} IS NOT NULL AND lower(${column}) NOT IN (${left})
    GROUP BY ${column} HAVING customers >= ${minShare} * ${customers}
    ORDER BY customers DESC, name LIMIT ${atMost}`);
  return rows.map((row) => String(row.name)).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
