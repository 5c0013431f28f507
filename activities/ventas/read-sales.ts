import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Artifact } from '../../dag/artifact.js';
import { BadInput } from '../../lake/bad-input.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { text } from '../../lake/sql.js';
import { artifactSchema } from '../artifact-schema.js';
import { defineActivity } from '../define-activity.js';
import { writeParquet } from '../write-parquet.js';

/** Columns of a day's file, and of every `sales` artifact: all of them text, one row a line of the file. */
const COLUMNS = ['tienda', 'producto', 'unidades', 'importe'] as const;

/** The day of one store, in an artifact of its own: a change of another store does not reach who reads it. */
export interface StoreSales {
  readonly tienda: string;
  readonly sales: Artifact<'sales'>;
}

export interface Sales {
  /** The whole day. */
  readonly day: Artifact<'sales'>;
  /** Every store of the file, in order. */
  readonly stores: readonly StoreSales[];
}

export interface ReadSalesInput {
  /** What the sensor found. */
  readonly file: { readonly key: string };
}

const sales = artifactSchema('sales');

/** Reads a day's csv file. A day without sales has nothing to do. */
export const readSales = defineActivity<ReadSalesInput, Sales>({
  version: 1,
  cache: 'by-content',
  // The file may be corrected after the sensor saw it.
  fingerprint: async ({ file }, { store }) => (await store.head(file.key))?.etag,
  output: z.object({ day: sales, stores: z.array(z.object({ tienda: z.string(), sales })) }),
  async run({ file }, context) {
    const csv = join(context.scratch, 'sales.csv');
    await writeFile(csv, await context.store.read(file.key));
    return context.withDuckDb('UTC', async (db) => {
      const rows = `read_csv(${text(csv)}, header = true, all_varchar = true)`;
      await checkColumns(db, file.key, rows);
      await db.run(`CREATE TABLE sales AS SELECT ${COLUMNS.join(', ')} FROM ${rows}`);
      const names = (await db.rows('SELECT DISTINCT tienda FROM sales ORDER BY tienda')).map((row) =>
        String(row.tienda),
      );
      if (names.length === 0) return { skip: `no sales in ${file.key}` };
      const put = async (name: string, select: string): Promise<Artifact<'sales'>> => {
        const written = await writeParquet(db, join(context.scratch, `${name}.parquet`), { select, orderBy: 'ALL' });
        return context.put('sales', written.file, written);
      };
      const day = await put('day', 'SELECT * FROM sales');
      const stores: StoreSales[] = [];
      for (const [i, tienda] of names.entries()) {
        stores.push({ tienda, sales: await put(`store-${i}`, `SELECT * FROM sales WHERE tienda = ${text(tienda)}`) });
      }
      return { output: { day, stores }, note: `${day.rows.toLocaleString('en')} sales of ${stores.length} stores` };
    });
  },
});

async function checkColumns(db: DuckDb, key: string, rows: string): Promise<void> {
  const got = (await db.describe(`SELECT * FROM ${rows}`)).map(({ name }) => name);
  if (COLUMNS.every((column) => got.includes(column))) return;
  throw new BadInput(`Expected the columns ${COLUMNS.join(', ')}, got ${got.join(', ')}: correct the file`, {
    file: key,
  });
}
