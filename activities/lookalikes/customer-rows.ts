import { headersOf } from '../../customers/column-rule.js';
import type { CustomerSource } from '../../customers/customer-source.js';
import { BadInput } from '../../lake/bad-input.js';
import type { Culprit } from '../../lake/bad-input.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { column } from '../../lake/sql.js';
import type { MappedHeader } from './map-headers.js';

/** Who takes in the files of a source. */
export interface RowTaker {
  /** Begins a file. Its mapped headers must be those of the first one. */
  begin(file: string, mapped: readonly MappedHeader[], culprit: Culprit): void;
  /** The next row, its texts in the order of the file's mapped headers. `false` ends the reading of the file. */
  add(values: readonly (string | null)[]): boolean;
}

/** The rows of all files of a source, as they are read. */
export interface CustomerRows extends RowTaker {
  /** After the last row: the query for `_row` and the mapped headers, in order of `_row`. */
  end(): string;
  /** In the place of `end`, when reading failed. */
  discard(): void;
}

/** Gathers rows in a table of the DuckDB, in a column for each header that the source may map. */
export async function customerRows(db: DuckDb, columns: CustomerSource['columns']): Promise<CustomerRows> {
  const names = [...new Set(Object.entries(columns).flatMap(([name, rule]) => headersOf(name, rule)))];
  // By number: two names may differ by case alone, which is none to DuckDB.
  await db.run(`CREATE TABLE customers (_row BIGINT, ${names.map((_name, i) => `c${i} VARCHAR`).join(', ')})`);
  const appender = await db.appender('customers');
  let rows = 0n;
  const expectSame = sameHeaders();
  let found: readonly string[] = [];
  let slots: readonly number[] = [];
  return {
    begin(file, mapped, culprit) {
      slots = mapped.map(({ name }) => names.indexOf(name) + 1);
      found = expectSame(file, mapped, culprit);
    },
    add(values) {
      rows += 1n;
      const row = Array.from<string | bigint | null>({ length: names.length + 1 }).fill(null);
      row[0] = rows;
      for (const [i, value] of values.entries()) row[slots[i] ?? 0] = value;
      appender.add(row);
      return true;
    },
    discard() {
      try {
        appender.close();
      } catch {
        // It could not take its last rows, which nobody wants any more.
      }
    },
    end() {
      appender.close();
      const selected = found.map((name) => `c${names.indexOf(name)} AS ${column(name)}`);
      return `SELECT ${['_row', ...selected].join(', ')} FROM customers`;
    },
  };
}

/** Holds the mapped headers of each file against those of the first one, and gives these. */
export function sameHeaders(): (file: string, mapped: readonly MappedHeader[], culprit: Culprit) => readonly string[] {
  let first: { readonly file: string; readonly names: readonly string[] } | undefined;
  return (file, mapped, culprit) => {
    const own = mapped.map(({ name }) => name);
    const { file: firstFile, names } = (first ??= { file, names: own });
    const differing = names.find((name) => !own.includes(name)) ?? own.find((name) => !names.includes(name));
    if (differing === undefined) return names;
    throw new BadInput(
      `Expected the mapped headers of '${firstFile}' (${names.join(', ')}), got ${own.join(', ')}: ` +
        'the files of a source have the same ones',
      { ...culprit, column: differing },
    );
  };
}
