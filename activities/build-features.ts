import { join } from 'node:path';
import { z } from 'zod';
import type { Artifact } from '../dag/artifact.js';
import { parquetFile } from '../lake/sql.js';
import { CHANNELS_AT_MOST, chooseCategories } from './choose-categories.js';
import { artifactSchema } from './artifact-schema.js';
import { createVisits } from './create-visits.js';
import { defineActivity } from './define-activity.js';
import { featureSelect, featuresOf } from './feature-query.js';
import type { Ingested } from './ingest-transactions.js';
import { UNKNOWN_RUBRO } from './map-events.js';
import { writeParquet } from './write-parquet.js';

export interface BuildFeaturesInput {
  readonly transactions: Ingested['transactions'];
  readonly fecha: string;
  /** A rubro or channel has columns of its own when at least this share of the customers used it. */
  readonly minShare: number;
  /** Rubros with columns of their own, at most. */
  readonly maxRubros: number;
  /** `log1p` on counts and amounts: without it a few large customers make clusters of their own. */
  readonly log1p: boolean;
  /** Channels that count as digital, in lower case. */
  readonly digitalChannels: readonly string[];
}

export interface Features {
  /** One row a dni with a usable row in the window, ordered by dni: `dni`, then the columns of `featuresOf`. */
  readonly features: Artifact<'features'>;
  /** `dni, rubro, compras, monto, ultima`: every rubro, amounts as they were, for names and scores; in order of dni and rubro, as scores are published. */
  readonly purchases: Artifact<'purchases'>;
}

/**
 * What each customer buys, how often, for how much, where and how lately. The categories come from the window's own
 * rows and are kept in the file's footer.
 */
export const buildFeatures = defineActivity<BuildFeaturesInput, Features>({
  version: 2,
  cache: 'by-content',
  output: z.object({ features: artifactSchema('features'), purchases: artifactSchema('purchases') }),
  async run(input, context) {
    const rows = parquetFile(await context.open(input.transactions));
    const { minShare } = input;
    return context.withDuckDb('UTC', async (db, phase) => {
      phase('summing purchases');
      const purchases = await writeParquet(db, join(context.scratch, 'purchases.parquet'), {
        select: `SELECT dni, rubro, count(*)::INTEGER AS compras, sum(monto)::DECIMAL(38, 4) AS monto, max(fecha) AS ultima
          FROM ${rows} GROUP BY dni, rubro`,
        orderBy: 'dni, rubro',
      });
      // On its way to the lake while the queries go on.
      const kept = context.put('purchases', purchases.file, purchases);
      kept.catch(() => undefined);
      await db.run(`CREATE VIEW purchases AS SELECT * FROM ${parquetFile(purchases.file)}`);
      await db.run(`CREATE TABLE channels AS SELECT dni, canal, count(*) AS compras FROM ${rows} GROUP BY dni, canal`);
      const customers = await createVisits(db, rows);
      const byRubro = {
        table: 'purchases',
        column: 'rubro',
        customers,
        minShare,
        atMost: input.maxRubros,
        never: [UNKNOWN_RUBRO],
      };
      const byChannel = {
        table: 'channels',
        column: 'canal',
        customers,
        minShare,
        atMost: CHANNELS_AT_MOST,
        never: [],
      };
      const rubros = await chooseCategories(db, byRubro);
      const canales = await chooseCategories(db, byChannel);
      phase('building features');
      const options = { ...input, rubros, canales };
      const features = await writeParquet(db, join(context.scratch, 'features.parquet'), {
        select: featureSelect(options),
        orderBy: 'dni',
        mostlyDistinct: true,
        metadata: { rubros: JSON.stringify(rubros), canales: JSON.stringify(canales), log1p: String(input.log1p) },
      });
      return {
        output: {
          features: await context.put('features', features.file, {
            ...features,
            report: { rubros: rubros.length, canales: canales.length },
          }),
          purchases: await kept,
        },
        note: `${features.rows.toLocaleString('en')} customers x ${featuresOf(options).length} features`,
      };
    });
  },
});
