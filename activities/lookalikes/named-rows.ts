import { absentValue, asksForText } from '../../customers/absent-value.js';
import type { CustomerSet } from '../../customers/audience-definition.js';
import type { NamedCustomers } from '../../customers/audience/audience-report.js';
import type { CellValue, ValueType } from '../../customers/column-value.js';
import { typedTests } from '../../customers/condition-tests.js';
import { parseCondition } from '../../customers/condition.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { column, text } from '../../lake/sql.js';
import { cellValue, valueTypes } from './customer-table.js';

const EXAMPLES = 5;

export interface FoundCustomers extends NamedCustomers {
  /** Of the index, ascending, each once. */
  readonly rows: Int32Array;
}

/** The cleaned customers as the view `customers` of a database. */
export interface CustomersView {
  readonly db: DuckDb;
  readonly types: ReadonlyMap<string, ValueType>;
}

export const customersView = async (db: DuckDb): Promise<CustomersView> => ({
  db,
  types: valueTypes(await db.describe('SELECT * FROM customers')),
});

/** Who is in any of the sets, by their rows in the index. Ids that the index does not have are counted, each once. */
export async function namedRows(
  customers: CustomersView,
  rowOf: ReadonlyMap<string, number>,
  sets: readonly CustomerSet[],
): Promise<FoundCustomers> {
  const named = new Set<string>();
  for (const { where, ids = [] } of sets) {
    for (const id of where === undefined ? ids : await idsWhere(customers, where)) named.add(id);
  }
  const rows: number[] = [];
  const unknown: string[] = [];
  for (const id of named) {
    const row = rowOf.get(id);
    if (row === undefined) unknown.push(id);
    else rows.push(row);
  }
  return {
    named: named.size,
    found: rows.length,
    unknown: unknown.length,
    examples: unknown.slice(0, EXAMPLES),
    rows: Int32Array.from(rows).toSorted(),
  };
}

/** Values are compared with so many of a column. */
const VALUES = 10_000;

/** What to say of the texts that a condition asks for and no customer has. */
export async function absentValues({ db, types }: CustomersView, where: string): Promise<readonly string[]> {
  const hints: string[] = [];
  for (const test of parseCondition(where).filter((one) => asksForText(one, types))) {
    const name = column(test.column);
    const there = await db.rows(`SELECT 1 FROM customers WHERE ${name} = ${text(test.value)} LIMIT 1`);
    if (there.length > 0) continue;
    const values = await db.rows(
      `SELECT DISTINCT ${name} AS value FROM customers WHERE ${name} IS NOT NULL ORDER BY 1 LIMIT ${VALUES}`,
    );
    hints.push(
      absentValue(
        test,
        values.map(({ value }) => String(value)),
      ),
    );
  }
  return hints;
}

/** The customers of whom a condition holds. */
export async function idsWhere({ db, types }: CustomersView, where: string): Promise<readonly string[]> {
  const tests = typedTests(parseCondition(where), types);
  const columns = tests.map((test) => cellValue(test.column, types));
  const ids: string[] = [];
  await db.eachChunk(
    `SELECT customer_id, ${columns.join(', ')} FROM customers ORDER BY customer_id`,
    (_first, [chunk = [], ...values]) => {
      for (const [at, id] of chunk.entries()) {
        // What `cellValue` selects.
        if (tests.every((test, i) => test.holds((values[i]?.[at] ?? null) as CellValue))) ids.push(String(id));
      }
    },
  );
  return ids;
}
