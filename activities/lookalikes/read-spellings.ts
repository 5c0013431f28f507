import type { Spelling } from '../../customers/cleaning/cell.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { column } from '../../lake/sql.js';

/** The different texts of a column of the table `raw`, in the order in which they first occur, and its empty cells. */
export async function readSpellings(
  db: DuckDb,
  header: string,
): Promise<{ readonly spellings: readonly Spelling[]; readonly empty: number }> {
  const spellings: Spelling[] = [];
  let empty = 0;
  const name = column(header);
  const counted = `SELECT ${name} AS text, count(*)::INTEGER AS count, min(_row)::DOUBLE AS row FROM raw GROUP BY 1 ORDER BY 3`;
  await db.eachChunk(counted, (_, [texts = [], counts = [], rows = []]) => {
    for (const [i, text] of texts.entries()) {
      const count = Number(counts[i]);
      if (text === null) empty = count;
      else spellings.push({ text: String(text), count, row: Number(rows[i]) });
    }
  });
  return { spellings, empty };
}
