import type { CleanedColumn, Reading, Spelling } from '../../customers/cleaning/cell.js';
import type { ColumnKind, ColumnRule } from '../../customers/column-rule.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { column, text } from '../../lake/sql.js';

/** What the texts of one column of the file become, as a table; a text that is not in it stays as it is. */
export interface ColumnDictionary {
  readonly table: string;
  readonly header: string;
  readonly kind: ColumnKind;
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

/** Puts what was cleaned into a table: `text, value, worth, never, flag, rules`; `rules` null where nothing was changed. */
export async function storeDictionary(
  db: DuckDb,
  table: string,
  header: string,
  rule: ColumnRule,
  spellings: readonly Spelling[],
  { readings, empty }: CleanedColumn,
): Promise<ColumnDictionary> {
  const types = `value ${STORED[rule.kind]}, worth INTEGER, never BOOLEAN, flag VARCHAR, rules VARCHAR`;
  await db.run(`CREATE TABLE ${table} (text VARCHAR, ${types})`);
  const texts: string[] = [];
  const changed: Reading[] = [];
  for (const [i, reading] of readings.entries()) {
    const text = spellings[i]?.text ?? '';
    if (staysAsItIs(text, reading)) continue;
    texts.push(text);
    changed.push(reading);
  }
  await db.append(table, [
    texts,
    changed.map(({ value }) => value),
    changed.map(worthOf),
    changed.map(({ value, never }) => (never === true ? true : value === null ? null : false)),
    changed.map(({ flag }) => flag ?? null),
    changed.map(
      ({ rules, flag }) => [...rules, ...(flag === undefined ? [] : [`impossible:${flag}`])].join(';') || null,
    ),
  ]);
  return { table, header, kind: rule.kind, type: sqlType(rule, readings), empty };
}

/** A text that a cast makes the very same value of. */
const staysAsItIs = (text: string, { value, outcome, rules, flag }: Reading): boolean =>
  outcome === 'read' &&
  rules.length === 0 &&
  flag === undefined &&
  (typeof value === 'number' ? Number(text) === value : String(value) === text);

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
export function cellSql({ header, kind, type, empty }: ColumnDictionary, alias: string) {
  const raw = `r.${column(header)}`;
  const sql = (whenEmpty: string, asItIs: string, changed: string): string =>
    `CASE WHEN ${raw} IS NULL THEN ${whenEmpty} WHEN ${alias}.text IS NULL THEN ${asItIs} ELSE ${changed} END`;
  return {
    value: sql(literal(empty, type), `${raw}::${STORED[kind]}::${type}`, `${alias}.value::${type}`),
    worth: sql(empty === undefined ? '0' : String(READ), String(READ), `${alias}.worth`),
    never: sql('NULL', 'false', `${alias}.never`),
    flag: `${alias}.flag`,
  };
}

const literal = (empty: Reading | undefined, type: string): string =>
  empty?.value == null ? `NULL::${type}` : `${text(String(empty.value))}::${type}`;
