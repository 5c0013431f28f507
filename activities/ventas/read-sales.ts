import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Artifact } from '../../dag/artifact.js';
import { parquetFile, text } from '../../lake/sql.js';
import { artifactSchema } from '../artifact-schema.js';
import { defineActivity } from '../define-activity.js';
import { writeParquet } from '../write-parquet.js';

export interface Sales {
  /** `tienda, producto, unidades, importe` as text, one row a line of the file. */
  readonly sales: Artifact<'sales'>;
  /** Every store of the file, in order. */
  readonly stores: readonly string[];
}

export interface ReadSalesInput {
  /** What the sensor found: another etag is another file. */
  readonly file: { readonly key: string; readonly etag: string };
}

/** Reads a day's csv file. A day without sales has nothing to do. */
export const readSales = defineActivity<ReadSalesInput, Sales>({
  version: 1,
  cache: 'by-content',
  output: z.object({ sales: artifactSchema('sales'), stores: z.array(z.string()) }),
  async run({ file }, context) {
    const csv = join(context.scratch, 'sales.csv');
    await writeFile(csv, await context.store.read(file.key));
    return context.withDuckDb('UTC', async (db) => {
      await db.run(`CREATE TABLE sales AS SELECT tienda, producto, unidades, importe
        FROM read_csv(${text(csv)}, header = true, all_varchar = true)`);
      const stores = (await db.rows('SELECT DISTINCT tienda FROM sales ORDER BY tienda')).map((row) =>
        String(row.tienda),
      );
      if (stores.length === 0) return { skip: `no sales in ${file.key}` };
      const parquet = join(context.scratch, 'sales.parquet');
      const written = await writeParquet(db, parquet, { select: 'SELECT * FROM sales', orderBy: 'ALL' });
      const sales = await context.put('sales', written.file, written);
      const rows = written.rows.toLocaleString('en');
      return { output: { sales, stores }, note: `${rows} sales of ${stores.length} stores` };
    });
  },
});

/** The rows of a store, for queries that see them as a table. */
export const salesOf = (file: string, store: string): string =>
  `(SELECT * FROM ${parquetFile(file)} WHERE tienda = ${text(store)})`;
