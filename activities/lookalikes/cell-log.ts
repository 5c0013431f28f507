import { ID_COLUMN } from '../../customers/customer-source.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { column, text } from '../../lake/sql.js';
import type { MappedColumn } from './clean-rows.js';

/** Selects that are one query: the joins of all its parts are in memory at once. */
const AT_ONCE = 48;

/**
 * The select of every cell that was changed, and every row that was left out; in order of row and column it is total. Of
 * a wide table they are put together in the table `changes` first.
 */
export async function cellLogSelect(db: DuckDb, columns: readonly MappedColumn[]): Promise<string> {
  const all = changeSelects(columns);
  const part = (from: number): string => all.slice(from, from + AT_ONCE).join(' UNION ALL ');
  if (all.length <= AT_ONCE) return part(0);
  await db.run(`CREATE TABLE changes AS ${part(0)}`);
  for (let from = AT_ONCE; from < all.length; from += AT_ONCE) await db.run(`INSERT INTO changes ${part(from)}`);
  return 'SELECT * FROM changes';
}

function changeSelects(columns: readonly MappedColumn[]): readonly string[] {
  const id = `c.${column(ID_COLUMN)} AS customer_id`;
  const cells = columns.flatMap(({ name, from }) =>
    from.flatMap(({ table, header, type, empty }) => {
      const before = `r.${column(header)}`;
      const rows = 'FROM raw r JOIN cleaned c USING (_row)';
      const said = (after: string, rule: string): string =>
        `SELECT ${id}, r._row AS row, ${text(name)} AS "column", ${before} AS before, ${after} AS after, ${rule} AS rule, ${text(header)} AS header`;
      const changed = `${said(`d.value::${type}::VARCHAR`, 'd.rules')} ${rows} JOIN ${table} d ON ${before} = d.text WHERE d.rules IS NOT NULL`;
      if (empty === undefined) return [changed];
      const filled = `${said(text(String(empty.value)), text(empty.rules.join(';')))} ${rows} WHERE ${before} IS NULL`;
      return [changed, filled];
    }),
  );
  const leftOut = (rows: string, rule: string): string =>
    `SELECT ${id}, c._row AS row, '*' AS "column", NULL AS before, NULL AS after, ${rule} AS rule, NULL AS header FROM ${rows}`;
  return [
    ...cells,
    leftOut(`cleaned c WHERE c.${column(ID_COLUMN)} IS NULL`, `'row-without-id'`),
    leftOut('repeated c', `if(c.equal, 'row-repeated', 'row-repeated-different')`),
  ];
}
