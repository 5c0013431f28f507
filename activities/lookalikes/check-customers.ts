import type { DuckDb } from '../../lake/duckdb.js';
import { parquetFile } from '../../lake/sql.js';
import { PartitionCheckFailed } from '../partition-check-failed.js';

/** Local Parquet files of the tables of one date. */
export interface CustomerFiles {
  readonly clientes: string;
  readonly atributos: string;
  readonly coordinates: string;
}

/** Throws `PartitionCheckFailed` unless there is one row a customer, and the other tables are of those customers. */
export async function checkCustomers(db: DuckDb, files: CustomerFiles, expected: number): Promise<void> {
  await expectOneRowEach(db, 'clientes_limpios', files.clientes, expected);
  await expectOneRowEach(db, 'clientes_pca', files.coordinates, expected);
  for (const [table, file] of [
    ['clientes_pca', files.coordinates],
    ['clientes_atributos', files.atributos],
  ] as const) {
    const [row] = await db.rows(`SELECT count(*)::DOUBLE AS rows, min(customer_id) AS one FROM ${parquetFile(file)}
      WHERE customer_id IS NULL OR customer_id NOT IN (SELECT customer_id FROM ${parquetFile(files.clientes)})`);
    if (row?.rows === 0) continue;
    const [found, one] = [String(row?.rows), String(row?.one)];
    throw new PartitionCheckFailed(
      `Expected every row of ${table} to be of a customer of clientes_limpios, got ${found} that are not, such as '${one}'`,
    );
  }
}

async function expectOneRowEach(db: DuckDb, table: string, file: string, expected: number): Promise<void> {
  const from = parquetFile(file);
  const [row] = await db.rows(`SELECT count(*)::DOUBLE AS rows, count(DISTINCT customer_id)::DOUBLE AS ids,
    (SELECT customer_id FROM ${from} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1) AS repeated FROM ${from}`);
  if (row?.rows === expected && row.ids === expected) return;
  throw new PartitionCheckFailed(
    `Expected ${expected} rows in ${table}, one a customer_id, got ${String(row?.rows)} rows of ${String(row?.ids)} ids; ` +
      `repeated: '${String(row?.repeated)}'`,
  );
}
