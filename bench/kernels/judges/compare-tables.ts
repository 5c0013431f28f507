import { availableParallelism, tmpdir } from 'node:os';
import { DuckDb } from '../../../lake/duckdb.js';
import { column, parquetFile } from '../../../lake/sql.js';

export interface TableDifference {
  /** Rows of ours, of theirs, and of those that have the same key on both sides. */
  readonly rows: readonly [number, number, number];
  /** Columns that only one side has. */
  readonly columns: readonly string[];
  /** Among rows of the same key: the largest difference of numbers, by 1 + their size; and values of texts that differ. */
  readonly numbers: number;
  readonly texts: number;
}

/** Two Parquet files, whose rows are told by `key`, compared value by value, but for the columns of `except`. */
export async function compareTables(
  ours: string,
  theirs: string,
  key: readonly string[],
  except: readonly string[] = [],
): Promise<TableDifference> {
  const options = { threads: availableParallelism(), memoryLimit: '4GB', timeZone: 'UTC', spillFolder: tmpdir() };
  const db = await DuckDb.open(options);
  try {
    const [a, b] = [parquetFile(ours), parquetFile(theirs)];
    const [mine, other] = [await db.describe(`SELECT * FROM ${a}`), await db.describe(`SELECT * FROM ${b}`)];
    const types = new Map(other.map(({ name, type }) => [name, type]));
    const names = new Set(mine.map(({ name }) => name));
    const shared = mine.filter(({ name }) => types.has(name) && !key.includes(name) && !except.includes(name));
    const isText = ({ name, type }: { name: string; type: string }): boolean =>
      type === 'VARCHAR' || types.get(name) === 'VARCHAR';
    const far = shared
      .filter((one) => !isText(one))
      .map(({ name, type }) => difference(name, type === 'DATE' || types.get(name) === 'DATE'));
    const differ = shared
      .filter(isText)
      .map(({ name }) => `count(*) FILTER (a.${column(name)}::VARCHAR IS DISTINCT FROM b.${column(name)}::VARCHAR)`);
    const [row] =
      await db.rows(`SELECT (SELECT count(*) FROM ${a})::DOUBLE AS ours, (SELECT count(*) FROM ${b})::DOUBLE AS theirs,
      count(*)::DOUBLE AS shared, greatest(0, ${far.join(', ') || '0'})::DOUBLE AS numbers, (${differ.join(' + ') || '0'})::DOUBLE AS texts
      FROM ${a} a JOIN ${b} b ON ${key.map((name) => `a.${column(name)}::VARCHAR = b.${column(name)}::VARCHAR`).join(' AND ')}`);
    return {
      rows: [Number(row?.ours), Number(row?.theirs), Number(row?.shared)],
      columns: [...names]
        .filter((name) => !types.has(name))
        .concat([...types.keys()].filter((name) => !names.has(name))),
      numbers: Number(row?.numbers),
      texts: Number(row?.texts),
    };
  } finally {
    await db.close();
  }
}

/** A value that only one side has is infinitely far away. */
function difference(name: string, isDate: boolean): string {
  const number = (side: string): string =>
    isDate ? `epoch(${side}.${column(name)}::TIMESTAMP)` : `${side}.${column(name)}::DOUBLE`;
  const [x, y] = [number('a'), number('b')];
  return `max(CASE WHEN ${x} IS NULL AND ${y} IS NULL THEN 0 WHEN ${x} IS NULL OR ${y} IS NULL THEN 'inf'::DOUBLE
    ELSE abs(${x} - ${y}) / (1 + abs(${x})) END)`;
}

/** In words for the table of results. */
export function saidOf({ rows: [ours, theirs, shared], columns, numbers, texts }: TableDifference): string {
  const missing = columns.length === 0 ? '' : `; only on one side: ${columns.slice(0, 3).join(', ')}`;
  const counts =
    ours === theirs && ours === shared ? ours.toLocaleString('en') : `${ours}, ${theirs}, ${shared} the same`;
  return `rows ${counts}; numbers within ${numbers.toExponential(0)}; texts that differ ${texts}${missing}`;
}

export const isSame = (
  { rows: [ours, theirs, shared], columns, numbers, texts }: TableDifference,
  within: number,
): boolean => ours === theirs && ours === shared && columns.length === 0 && numbers <= within && texts === 0;
