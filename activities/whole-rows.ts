import type { DuckDb } from '../lake/duckdb.js';
import { column } from '../lake/sql.js';

/** What became of a view's rows when each was to be there once. */
export interface WholeRows {
  readonly read: number;
  /** Rows that came again and were left out. */
  readonly repeated: number;
}

/**
 * Makes `view`, the rows of the relation `from`, each once. Few rows of a source come twice, so only those are compared whole
 * whose hash comes twice; the others are never held.
 */
export async function createWholeRows(db: DuckDb, view: string, from: string): Promise<WholeRows> {
  const columns = (await db.describe(`SELECT * FROM ${column(from)}`)).map(({ name }) => column(name));
  const hash = `hash(${columns.join(', ')})`;
  const again = `${view}__again`;
  await db.run(`CREATE TABLE ${column(again)} AS
    SELECT *, count(*) AS "__copies" FROM ${column(from)}
    WHERE ${hash} IN (SELECT h FROM (SELECT ${hash} AS h FROM ${column(from)}) GROUP BY h HAVING count(*) > 1) GROUP BY ALL`);
  const [rows] = await db.rows(`SELECT (SELECT count(*) FROM ${column(from)})::DOUBLE AS read,
    count(*)::DOUBLE AS groups, coalesce(sum("__copies" - 1), 0)::DOUBLE AS repeated FROM ${column(again)}`);
  const { read, groups, repeated } = {
    read: Number(rows?.read),
    groups: Number(rows?.groups),
    repeated: Number(rows?.repeated),
  };
  const once =
    groups === 0
      ? `SELECT * FROM ${column(from)}`
      : `SELECT * FROM ${column(from)} WHERE ${hash} NOT IN (SELECT hash(${columns.join(', ')}) FROM ${column(again)})
         UNION ALL SELECT * EXCLUDE ("__copies") FROM ${column(again)}`;
  await db.run(`CREATE VIEW ${column(view)} AS ${once}`);
  return { read, repeated };
}
