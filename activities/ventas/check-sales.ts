import type { Artifact } from '../../dag/artifact.js';
import type { CheckResult } from '../../dag/pipeline.js';
import { parquetFile } from '../../lake/sql.js';
import { defineActivity } from '../define-activity.js';
import type { StoreSales } from './read-sales.js';
import type { StoreSummary } from './summarize-store.js';

/** A check: the stores' sums add up to the file's, and to no more than can be. */
export const checkTotals = defineActivity<
  { readonly day: Artifact<'sales'>; readonly summaries: readonly StoreSummary[]; readonly maxTotal: number },
  CheckResult
>({
  version: 1,
  cache: 'by-content',
  async run({ day, summaries, maxTotal }, context) {
    const file = await context.open(day);
    const total = await context.withDuckDb('UTC', async (db) => {
      const [row] = await db.rows(
        `SELECT (sum(importe::DECIMAL(18, 2)) * 100)::DOUBLE AS centavos FROM ${parquetFile(file)}`,
      );
      return Math.round(Number(row?.centavos));
    });
    const summed = summaries.reduce((sum, { centavos }) => sum + centavos, 0);
    const passed = summed === total && total <= maxTotal * 100;
    const message = `Expected stores that add up to ${total / 100}, at most ${maxTotal}, got ${summed / 100}`;
    const figures = { total: total / 100, stores: summed / 100, maxTotal };
    return { output: { passed, figures, message }, note: `${total / 100} in all` };
  },
});

/** A check: as many stores as usual sent their sales. */
export const checkStores = defineActivity<
  { readonly stores: readonly StoreSales[]; readonly minStores: number },
  CheckResult
>({
  version: 1,
  cache: 'by-content',
  async run({ stores, minStores }) {
    const figures = { stores: stores.length, minStores };
    const message = `Expected at least ${minStores} stores, got ${stores.length}`;
    return { output: { passed: stores.length >= minStores, figures, message }, note: `${stores.length} stores` };
  },
});
