import { neverColumn } from '../../customers/cleaned-types.js';
import { ID_COLUMN } from '../../customers/customer-source.js';
import type { ColumnRule } from '../../customers/column-rule.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { column, text } from '../../lake/sql.js';
import { OTHER, READ, cellSql } from './column-dictionary.js';
import type { ColumnDictionary } from './column-dictionary.js';

/** A column of the cleaned table and where it comes from, the first one first. */
export interface MappedColumn {
  readonly name: string;
  readonly rule: ColumnRule;
  readonly from: readonly ColumnDictionary[];
}

/** How far apart two numbers of one customer may be that say the same, rounded by different people: a hundredth. */
const TOLERANCE = 0.01;

/** In the table `cleaned`, whether two columns of the file say different things. */
export const contradictionColumn = (name: string): string => `${name}__contradiction`;

/** The columns of the cleaned table in their order, without `flags`. */
export const valueColumns = (columns: readonly MappedColumn[]): string[] =>
  columns.flatMap(({ name, rule }) => (rule.kind === 'days' ? [name, neverColumn(name)] : [name]));

/** Columns of the file that are looked up at once: every further join of a query carries the columns of those before it. */
const BATCH = 12;
/** Of a table with no more than these, one query is quicker than several that are put together. */
const ONE_QUERY = 25;

/**
 * Makes the table `cleaned` of the table `raw`: a row a row, with `_row`, the cleaned columns, `flags`, `_readable` (how
 * many columns have a value that is possible) and, of columns that come from several, whether these contradict. The
 * columns are cleaned batch by batch, so that time and memory grow with their number and not with its square.
 */
export async function cleanRows(db: DuckDb, columns: readonly MappedColumn[]): Promise<void> {
  const all = batches(columns);
  if (all.length === 1) return db.run(`CREATE TABLE cleaned AS ${batchSelect(columns)}`);
  for (const [i, batch] of all.entries()) {
    // In the one order, in which the batches are laid beside each other.
    await db.run(`CREATE TABLE batch_${i} AS ${batchSelect(batch)} ORDER BY r._row`);
  }
  const tables = all.map((_batch, i) => `batch_${i}`);
  const each = (name: string): string[] => tables.map((table) => `${table}.${name}`);
  const values = tables.map((table) => `${table}.* EXCLUDE (_row, flags, _readable)`);
  await db.run(`CREATE TABLE cleaned AS SELECT batch_0._row, ${values.join(', ')},
    nullif(concat_ws(';', ${each('flags').join(', ')}), '') AS flags, ${each('_readable').join(' + ')} AS _readable
    FROM ${tables.join(' POSITIONAL JOIN ')}`);
  for (const table of tables) await db.run(`DROP TABLE ${table}`);
}

/** In their order, of as few columns of the file each as can be, above `BATCH` at most by those of one column. */
function batches(columns: readonly MappedColumn[]): readonly (readonly MappedColumn[])[] {
  if (columns.flatMap(({ from }) => from).length <= ONE_QUERY) return [columns];
  const all: MappedColumn[][] = [[]];
  let joins = 0;
  for (const one of columns) {
    if (joins >= BATCH) {
      all.push([]);
      joins = 0;
    }
    all.at(-1)?.push(one);
    joins += one.from.length;
  }
  return all;
}

/** The select of some columns of the table `cleaned`, with what they add to `flags` and `_readable`. */
function batchSelect(columns: readonly MappedColumn[]): string {
  const joins: string[] = [];
  const selected: string[] = [];
  const flags: string[] = [];
  const readable: string[] = [];
  for (const { name, rule, from } of columns) {
    const cells = from.map((dictionary) => {
      const alias = `d${joins.length}`;
      joins.push(`LEFT JOIN ${dictionary.table} ${alias} ON r.${column(dictionary.header)} = ${alias}.text`);
      return cellSql(dictionary, alias);
    });
    const first = (what: 'value' | 'never' | 'flag'): string => {
      const picks = [
        ...cells.map((cell) => `WHEN ${cell.worth} = ${READ} AND ${cell.flag} IS NULL THEN ${cell[what]}`),
        ...[READ, OTHER].flatMap((worth) => cells.map((cell) => `WHEN ${cell.worth} = ${worth} THEN ${cell[what]}`)),
      ];
      return cells.length === 1 ? (cells[0]?.[what] ?? 'NULL') : `CASE ${picks.join(' ')} END`;
    };
    selected.push(`${first('value')} AS ${column(name)}`);
    if (rule.kind === 'days') selected.push(`${first('never')} AS ${column(neverColumn(name))}`);
    flags.push(`${text(`${name}:`)} || ${first('flag')}`);
    const isRead = cells.map(({ worth, flag }) => `(${worth} = ${READ} AND ${flag} IS NULL)`).join(' OR ');
    if (name !== ID_COLUMN) readable.push(`(${isRead})::INTEGER`);
    if (cells.length > 1) selected.push(`${contradiction(cells, from)} AS ${column(contradictionColumn(name))}`);
  }
  return `SELECT r._row, ${selected.join(', ')},
    nullif(concat_ws(';', ${flags.join(', ')}), '') AS flags, ${readable.join(' + ') || '0'} AS _readable
    FROM raw r ${joins.join(' ')}`;
}

function contradiction(cells: readonly ReturnType<typeof cellSql>[], from: readonly ColumnDictionary[]): string {
  const pairs = cells.flatMap((a, i) =>
    cells.slice(i + 1).map((b) => {
      const isDouble = from[i]?.type === 'DOUBLE';
      const apart = isDouble
        ? `abs(${a.value} - ${b.value}) > ${TOLERANCE} * greatest(abs(${a.value}), abs(${b.value}))`
        : `${a.value} <> ${b.value}`;
      const differ = `coalesce(${apart}, (${a.value} IS NULL) <> (${b.value} IS NULL))`;
      return `(${a.worth} = ${READ} AND ${b.worth} = ${READ} AND ${differ})`;
    }),
  );
  return `(${pairs.join(' OR ')})`;
}

/**
 * Makes the view `kept` of the table `cleaned`: a row an id, the one with the most columns that have a possible value,
 * of several such the last; and the table `repeated`: the rows left out, each with the row that was `kept` and whether
 * it is `equal` to it.
 */
export async function chooseRows(db: DuckDb, columns: readonly MappedColumn[]): Promise<void> {
  const id = column(ID_COLUMN);
  await db.run(`CREATE TABLE chosen AS SELECT _row, ${id},
      first_value(_row) OVER (PARTITION BY ${id} ORDER BY _readable DESC, _row DESC) AS _kept
    FROM cleaned WHERE ${id} IS NOT NULL`);
  await db.run(`CREATE VIEW kept AS SELECT c.* FROM cleaned c JOIN chosen USING (_row) WHERE chosen._kept = c._row`);
  const names = [...valueColumns(columns), 'flags'];
  const whole = (alias: string): string => `row(${names.map((name) => `${alias}.${column(name)}`).join(', ')})`;
  await db.run(`CREATE TABLE repeated AS
    SELECT o._row, o.${id}, k._row AS _kept, ${whole('o')} IS NOT DISTINCT FROM ${whole('k')} AS equal
    FROM chosen JOIN cleaned o ON o._row = chosen._row JOIN cleaned k ON k._row = chosen._kept
    WHERE chosen._row <> chosen._kept`);
}
