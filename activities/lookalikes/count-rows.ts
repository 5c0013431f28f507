import type { CleaningReport, ColumnReport } from '../../customers/cleaning/cleaning-report.js';
import { ID_COLUMN } from '../../customers/customer-source.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { column } from '../../lake/sql.js';
import { contradictionColumn } from './clean-rows.js';
import type { MappedColumn } from './clean-rows.js';

const EXAMPLES = 20;

/** What became of the rows, from the tables `cleaned` and `repeated`. */
export async function countRows(db: DuckDb): Promise<Pick<CleaningReport, 'rows' | 'repeated' | 'repeatedCount'>> {
  const id = column(ID_COLUMN);
  const [counts] = await db.rows(`SELECT (SELECT count(*) FROM cleaned)::DOUBLE AS read,
    (SELECT count(*) FROM cleaned WHERE ${id} IS NULL)::DOUBLE AS without_id,
    (SELECT count(*) FROM repeated WHERE equal)::DOUBLE AS equal,
    (SELECT count(*) FROM repeated WHERE NOT equal)::DOUBLE AS different,
    (SELECT count(DISTINCT ${id}) FROM repeated WHERE NOT equal)::DOUBLE AS ids`);
  const [read, withoutId, equal, different] = [
    Number(counts?.read),
    Number(counts?.without_id),
    Number(counts?.equal),
    Number(counts?.different),
  ];
  const repeated = await db.rows(`SELECT ${id} AS id, (count(*) + 1)::DOUBLE AS rows, min(_kept)::DOUBLE AS kept
    FROM repeated GROUP BY ${id} HAVING bool_or(NOT equal) ORDER BY 2 DESC, 1 LIMIT ${EXAMPLES}`);
  return {
    rows: {
      read,
      withoutId,
      repeatedEqual: equal,
      repeatedDifferent: different,
      written: read - withoutId - equal - different,
    },
    repeated: repeated.map(({ id, rows, kept }) => ({
      customer_id: String(id),
      rows: Number(rows),
      kept: Number(kept),
    })),
    repeatedCount: Number(counts?.ids),
  };
}

/** Rows in which the columns of the file behind one column contradict each other. */
export async function countContradictions(
  db: DuckDb,
  { name, from }: MappedColumn,
): Promise<ColumnReport['contradictions']> {
  if (from.length < 2) return { rows: 0, examples: [] };
  const contradicts = column(contradictionColumn(name));
  const [counted] = await db.rows(`SELECT count(*)::DOUBLE AS rows FROM cleaned WHERE ${contradicts}`);
  const said = from.map(({ header }, i) => `left(r.${column(header)}, 80) AS said${i}`);
  const found = await db.rows(`SELECT r._row::DOUBLE AS row, ${said.join(', ')} FROM cleaned c JOIN raw r USING (_row)
    WHERE c.${contradicts} ORDER BY r._row LIMIT ${EXAMPLES}`);
  const examples = found.map((row) => ({
    row: Number(row['row']),
    said: from.map((_, i) => (row[`said${i}`] == null ? null : String(row[`said${i}`]))),
  }));
  return { rows: Number(counted?.rows), examples };
}
