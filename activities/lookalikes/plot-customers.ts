import { z } from 'zod';
import type { Artifact } from '../../dag/artifact.js';
import { parquetFile } from '../../lake/sql.js';
import { artifactSchema } from '../artifact-schema.js';
import { defineActivity } from '../define-activity.js';
import { columnHistogram } from './column-histogram.js';
import type { PlottedColumn } from './column-histogram.js';
import { componentAxes } from './component-axes.js';
import { customerPoints } from './customer-points.js';
import { drawPoints } from './draw-points.js';
import type { CleanedCustomers, Plot, ProjectedCustomers } from './handles.js';
import { drawHistogram } from './plots/histogram.js';
import { putPlot } from './put-plot.js';

export interface PlotCustomersInput {
  readonly clientes: CleanedCustomers['clientes'];
  readonly coordinates: ProjectedCustomers['coordinates'];
  readonly model: Artifact<'pca_model'>;
  /** Decides which customers the scatter shows. */
  readonly seed: number;
}

export interface Plots {
  readonly plots: readonly Plot[];
}

/** Which plots a task made: its output, as it is looked up. */
export const plotsSchema = z.object({ plots: z.array(z.object({ name: z.string(), svg: artifactSchema('plot') })) });

const PLOTTED: readonly PlottedColumn[] = [
  { column: 'income', title: 'Income', axis: 'Income, in the currency of the source' },
  { column: 'total_spent', title: 'Spend', axis: 'Total spent, in the currency of the source' },
  { column: 'frequency', title: 'Frequency', axis: 'Purchase frequency, in the unit of the source' },
  {
    column: 'days_since_last_purchase',
    title: 'Recency',
    axis: 'Days since the last purchase',
    never: 'days_since_last_purchase_never',
  },
];

/**
 * Draws how income, spend, frequency and recency are distributed, and the customers on their first two principal
 * components with the VIPs marked. A column without a value has no plot.
 */
export const plotCustomers = defineActivity<PlotCustomersInput, Plots>({
  version: 2,
  cache: 'by-content',
  output: plotsSchema,
  async run({ clientes, coordinates, model, seed }, context) {
    const file = await context.open(clientes);
    const places = await context.open(coordinates);
    const axes = await componentAxes(await context.open(model));
    return context.withDuckDb('UTC', async (db, phase) => {
      const plots: Plot[] = [];
      for (const plotted of PLOTTED) {
        phase(`drawing ${plotted.column}`);
        const histogram = await columnHistogram(db, file, plotted);
        if (histogram !== null) plots.push(await putPlot(context, plotted.column, drawHistogram(histogram)));
      }
      phase('drawing customers');
      const [vips] = await db.rows(`SELECT count(*) FILTER (vip_flag)::DOUBLE AS count FROM ${parquetFile(file)}`);
      const ids = `(SELECT customer_id FROM ${parquetFile(file)} WHERE vip_flag)`;
      const points = await customerPoints(db, {
        coordinates: places,
        mark: Number(vips?.count) === 0 ? null : { ids, name: 'VIP' },
        others: 'other customers',
        seed,
      });
      const title = 'Customers by what tells them apart';
      if (points !== null) plots.push(await putPlot(context, 'pca', drawPoints(points, title, axes)));
      return { output: { plots }, note: plots.map(({ name }) => name).join(', ') };
    });
  },
});
