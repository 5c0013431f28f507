import { z } from 'zod';
import { BadInput } from '../../lake/bad-input.js';
import { parquetFile } from '../../lake/sql.js';
import { defineActivity } from '../define-activity.js';
import type { StoreSales } from './read-sales.js';

export interface StoreSummary {
  readonly tienda: string;
  readonly unidades: number;
  /** In hundredths: whole numbers add up the same in any order. */
  readonly centavos: number;
}

/** Adds up one store. A value that is no number fails this store alone. */
export const summarizeStore = defineActivity<{ readonly store: StoreSales }, StoreSummary>({
  version: 1,
  cache: 'by-content',
  output: z.object({ tienda: z.string(), unidades: z.number().int(), centavos: z.number().int() }),
  async run({ store: { tienda, sales } }, context) {
    const rows = parquetFile(await context.open(sales));
    return context.withDuckDb('UTC', async (db) => {
      const [bad] = await db.rows(`SELECT producto, campo, valor FROM (
          SELECT producto, 'unidades' AS campo, unidades AS valor FROM ${rows} WHERE try_cast(unidades AS BIGINT) IS NULL
          UNION ALL
          SELECT producto, 'importe', importe FROM ${rows} WHERE try_cast(importe AS DECIMAL(18, 2)) IS NULL
        ) ORDER BY ALL LIMIT 1`);
      if (bad !== undefined) {
        const [column, value] = [String(bad.campo), String(bad.valor)];
        throw new BadInput(`Expected a number for ${String(bad.producto)} of store ${tienda}: correct the file`, {
          column,
          value,
        });
      }
      const [sum] = await db.rows(`SELECT sum(unidades::BIGINT)::DOUBLE AS unidades,
        (sum(importe::DECIMAL(18, 2)) * 100)::DOUBLE AS centavos FROM ${rows}`);
      const output = { tienda, unidades: Number(sum?.unidades), centavos: Math.round(Number(sum?.centavos)) };
      return { output, note: `${output.unidades.toLocaleString('en')} units` };
    });
  },
});
