import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Artifact } from '../../dag/artifact.js';
import { text } from '../../lake/sql.js';
import { artifactSchema } from '../artifact-schema.js';
import { defineActivity } from '../define-activity.js';
import { writeParquet } from '../write-parquet.js';
import type { StoreSummary } from './summarize-store.js';

export interface LaidOut {
  readonly rows: Artifact<'ventas_tienda'>;
}

/** The published rows, one a store. */
export const layOutSales = defineActivity<{ readonly summaries: readonly StoreSummary[] }, LaidOut>({
  version: 1,
  cache: 'by-content',
  output: z.object({ rows: artifactSchema('ventas_tienda') }),
  async run({ summaries }, context) {
    const json = join(context.scratch, 'summaries.json');
    await writeFile(json, JSON.stringify(summaries));
    return context.withDuckDb('UTC', async (db) => {
      const select = `SELECT tienda, unidades::BIGINT AS unidades, centavos / 100 AS importe
        FROM read_json(${text(json)}, columns = {tienda: 'VARCHAR', unidades: 'BIGINT', centavos: 'DOUBLE'})`;
      const written = await writeParquet(db, join(context.scratch, 'ventas.parquet'), { select, orderBy: 'tienda' });
      const rows = await context.put('ventas_tienda', written.file, written);
      return { output: { rows }, note: `${written.rows} rows` };
    });
  },
});
