import type { CellValue, ValueType } from '../../customers/column-value.js';
import { ID_COLUMN } from '../../customers/customer-source.js';
import { DuckDb } from '../../lake/duckdb.js';
import type { DuckDbOptions } from '../../lake/duckdb.js';
import { column, parquetFile } from '../../lake/sql.js';

/** The cleaned customers, a column at a time, in order of customer_id: those that nobody asks for are never read. */
export interface CustomerTable {
  readonly types: ReadonlyMap<string, ValueType>;
  /** Columns by name, each read once. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, readonly CellValue[]>>;
}

/** Opens a file of cleaned customers. `rows` is how many it must have. */
export async function openCustomerTable(file: string, rows: number, options: DuckDbOptions): Promise<CustomerTable> {
  const table = parquetFile(file);
  const described = await withDuckDb(options, (db) => db.describe(`SELECT * FROM ${table}`));
  const types = valueTypes(described);
  const held = new Map<string, Promise<readonly CellValue[]>>();
  return {
    types,
    async read(names) {
      const missing = [...new Set(names)].filter((name) => !held.has(name));
      if (missing.length > 0) {
        const reading = withDuckDb(options, (db) => readColumns(db, table, missing, types, rows));
        for (const [i, name] of missing.entries()) {
          const own = reading.then((columns) => columns[i] ?? []);
          held.set(name, own);
          // A failure is told to whoever waits, and tried again by the next one.
          own.catch(() => held.delete(name));
        }
      }
      return new Map(await Promise.all(names.map(async (name) => [name, (await held.get(name)) ?? []] as const)));
    },
  };
}

async function readColumns(
  db: DuckDb,
  table: string,
  names: readonly string[],
  types: ReadonlyMap<string, ValueType>,
  rows: number,
): Promise<readonly (readonly CellValue[])[]> {
  const selected = names.map((name) => cellValue(name, types));
  const columns = names.map((): CellValue[] => []);
  await db.eachChunk(`SELECT ${selected.join(', ')} FROM ${table} ORDER BY ${ID_COLUMN}`, (_, chunk) => {
    for (const [i, values] of chunk.entries()) {
      // The casts leave these alone.
      for (const value of values) columns[i]?.push(value as CellValue);
    }
  });
  if (columns[0]?.length !== rows) throw new Error(`Expected ${rows} customers, got ${columns[0]?.length}`);
  return columns;
}

/** The columns of a cleaned table by what they hold. */
export const valueTypes = (
  described: readonly { readonly name: string; readonly type: string }[],
): ReadonlyMap<string, ValueType> => new Map(described.map(({ name, type }) => [name, DUCKDB_TYPES[type] ?? 'number']));

const DUCKDB_TYPES: { readonly [type: string]: ValueType } = { VARCHAR: 'text', BOOLEAN: 'flag', DATE: 'date' };

/** A column as SQL that gives a `CellValue`. */
export function cellValue(name: string, types: ReadonlyMap<string, ValueType>): string {
  const type = types.get(name);
  if (type === 'number') return `${column(name)}::DOUBLE`;
  return type === 'flag' ? column(name) : `${column(name)}::VARCHAR`;
}

async function withDuckDb<Result>(options: DuckDbOptions, use: (db: DuckDb) => Promise<Result>): Promise<Result> {
  const db = await DuckDb.open(options);
  try {
    return await use(db);
  } finally {
    await db.close();
  }
}
