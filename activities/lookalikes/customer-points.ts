import { randomStream } from '../../kernels/random.js';
import { sampleRows } from '../../kernels/sample-rows.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { parquetFile } from '../../lake/sql.js';
import type { ScatterGroup } from './plots/scatter.js';

/** As many as an SVG of half a megabyte takes, and more than an eye tells apart. */
const SHOWN = 5_000;

export interface CustomerPoints {
  readonly rest: ScatterGroup;
  readonly marked: ScatterGroup | null;
  /** Of how many customers these are a sample. */
  readonly customers: number;
}

export interface PointsRequest {
  /** Parquet with `customer_id, pc1, pc2`. */
  readonly coordinates: string;
  /** A relation of the `customer_id`s to be marked, and what they are; null marks nobody. */
  readonly mark: { readonly ids: string; readonly name: string } | null;
  /** What the others are called. */
  readonly others: string;
  readonly seed: number;
}

/** The first two coordinates of a seeded sample of the customers, the marked ones apart; null where there are no two. */
export async function customerPoints(db: DuckDb, request: PointsRequest): Promise<CustomerPoints | null> {
  const { coordinates, mark, others, seed } = request;
  const table = parquetFile(coordinates);
  const [sizes] = await db.rows(`SELECT count(*)::DOUBLE AS customers, count(pc2)::DOUBLE AS placed FROM ${table}`);
  const customers = Number(sizes?.customers ?? 0);
  if (customers === 0 || Number(sizes?.placed ?? 0) < customers) return null;
  const chosen = sampleRows(customers, SHOWN, randomStream(seed, SHOWN));
  const isMarked = mark === null ? 'false' : `customer_id IN (SELECT customer_id FROM ${mark.ids})`;
  const rows = await db.rows(`SELECT pc1, pc2, ${isMarked} AS marked
    FROM (SELECT *, row_number() OVER (ORDER BY customer_id) - 1 AS place FROM ${table})
    WHERE place IN (SELECT unnest([${chosen.join(', ')}])) ORDER BY place`);
  const points = (marked: boolean) =>
    rows.filter((row) => row.marked === marked).map((row) => [Number(row.pc1), Number(row.pc2)] as const);
  return {
    rest: { name: others, points: points(false) },
    marked: mark === null ? null : { name: mark.name, points: points(true) },
    customers,
  };
}
