import { judgeTables } from '../judges/judge-tables.js';
import type { Row, Settings } from '../row.js';
import { type Size, ofRows } from './size.js';

/** The day after the made transactions end. */
export const FECHA = '2026-11-16';

/** What the task `buildFeatures` gets, and those who do the same. */
export const featureSettings = (transactions: string, rows: number): Settings => ({
  transactions,
  rows,
  fecha: FECHA,
  minShare: 0.01,
  maxRubros: 30,
  digitalChannels: ['app', 'web'],
});

/** What customers buy, from transactions; and the file of a published table. */
export function tableRows(size: Size): readonly Row[] {
  const [transactions, customers, published] = [size(5_000_000), size(200_000), size(1_000_000)];
  return [
    {
      group: 'features',
      title: `features, ${ofRows(transactions)} transactions to ${ofRows(customers)} customers`,
      script: 'features',
      peers: [
        { name: 'pandas', way: 'pandas', atLeast: 4 },
        { name: 'polars', way: 'polars', atLeast: 1.2 },
        { name: 'duckdb in Python', way: 'duckdb' },
      ],
      prepare: async (data) => featureSettings(await data.ingested(transactions, customers), transactions),
      judge: judgeTables({ features: ['dni'], purchases: ['dni', 'rubro'] }),
    },
    {
      group: 'publish',
      title: `${ofRows(published)} rows to Parquet, snappy; ours with hash and commit`,
      script: 'publish',
      peers: [
        { name: 'pandas to_parquet', way: 'pandas', atLeast: 1 },
        { name: 'polars write_parquet', way: 'polars' },
      ],
      prepare: async (data) => ({ table: await data.segments(published), codec: 'snappy' }),
      judge: judgeTables({ file: ['dni'] }),
    },
  ];
}
