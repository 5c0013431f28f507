import type { CleanedColumn, Reading, Spelling } from '../../customers/cleaning/cell.js';
import type { ColumnKind, ColumnRule } from '../../customers/column-rule.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { column, text } from '../../lake/sql.js';

/** What each text of one column of the file becomes, as a table. */
export interface ColumnDictionary {
  readonly table: string;
  readonly header: string;
  /** SQL type of the values. */
  readonly type: string;
  /** What an empty cell becomes, where that is no missing value. */
  readonly empty: Reading | undefined;
}

/** How much a reading is worth beside that of another column: a value, a word outside of the list, nothing. */
export const READ = 2;
export const OTHER = 1;

const STORED: { readonly [kind in ColumnKind]: 'VARCHAR' | 'DOUBLE' | 'BOOLEAN' } = {
  id: 'VARCHAR',
  text: 'VARCHAR',
  category: 'VARCHAR',
  number: 'DOUBLE',
  money: 'DOUBLE',
  percent: 'DOUBLE',
  age: 'DOUBLE',
  'birth-year': 'DOUBLE',
  days: 'DOUBLE',
  date: 'VARCHAR',
  flag: 'BOOLEAN',
  hour: 'DOUBLE',
  weekday: 'DOUBLE',
};
const LARGEST_INTEGER = 2 ** 31 - 1;

/** Puts what was cleaned into a table: `text, value, worth, never, flag, rules`; `rules` null for what stayed as it was. */
export async function storeDictionary(
  db: DuckDb,
  table: string,
  header: string,
  rule: ColumnRule,
  spellings: readonly Spelling[],
  { readings, empty }: CleanedColumn,
): Promise<ColumnDictionary> {
  await db.run(
    `CREATE TABLE ${table} (text VARCHAR, value ${STORED[rule.kind]}, worth INTEGER, never BOOLEAN, flag VARCHAR, rules VARCHAR)`,
  );
  await db.append(table, [
    spellings.map((spelling) => spelling.text),
    readings.map(({ value }) => value),
    readings.map(worthOf),
    readings.map(({ value, never }) => (never === true ? true : value === null ? null : false)),
    readings.map(({ flag }) => flag ?? null),
    readings.map(
      ({ rules, flag }) => [...rules, ...(flag === undefined ? [] : [`impossible:${flag}`])].join(';') || null,
    ),
  ]);
  return { table, header, type: sqlType(rule, readings), empty };
}

const worthOf = ({ outcome }: Reading): number => (outcome === 'read' ? READ : outcome === 'other' ? OTHER : 0);

function sqlType(rule: ColumnRule, readings: readonly Reading[]): string {
  const stored = STORED[rule.kind];
  if (rule.kind === 'date') return 'DATE';
  const isWhole = !['money', 'percent', 'number'].includes(rule.kind) || (rule.kind === 'number' && rule.integer);
  if (stored !== 'DOUBLE' || !isWhole) return stored;
  const isLarge = readings.some(({ value }) => typeof value === 'number' && Math.abs(value) > LARGEST_INTEGER);
  return isLarge ? 'BIGINT' : 'INTEGER';
}

/** SQL over the dictionary under an alias, joined to a raw row `r`. */
export const cellSql = ({ header, type, empty }: ColumnDictionary, alias: string) => {
  const orEmpty = (sql: string, what: string): string =>
    empty === undefined ? sql : `CASE WHEN r.${column(header)} IS NULL THEN ${what} ELSE ${sql} END`;
  return {
    value: orEmpty(`${alias}.value::${type}`, literal(empty, type)),
    worth: orEmpty(`coalesce(${alias}.worth, 0)`, String(READ)),
    never: `${alias}.never`,
    flag: `${alias}.flag`,
  };
};

const literal = (empty: Reading | undefined, type: string): string =>
  empty?.value == null ? 'NULL' : `${text(String(empty.value))}::${type}`;
