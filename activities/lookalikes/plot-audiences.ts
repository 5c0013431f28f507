import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { parquetFile } from '../../lake/sql.js';
import { defineActivity } from '../define-activity.js';
import { componentAxes } from './component-axes.js';
import { customerPoints } from './customer-points.js';
import { drawPoints } from './draw-points.js';
import type { Audience, AudienceSummary, Plot, ProjectedCustomers } from './handles.js';
import { plotsSchema } from './plot-customers.js';
import type { Plots } from './plot-customers.js';
import { customers, figure, share } from './plots/figures.js';
import { drawLiftCurve } from './plots/lift-curve.js';
import { putPlot } from './put-plot.js';

export interface PlotAudiencesInput {
  readonly audiences: readonly Audience[];
  readonly coordinates: ProjectedCustomers['coordinates'];
  readonly model: ProjectedCustomers['model'];
  /** Decides which customers the scatters show. */
  readonly seed: number;
}

/** What the curve needs of an `AudienceReport`. */
const reportSchema = z.object({
  scoring: z.object({
    heldOut: z.number(),
    expected: z.array(z.object({ size: z.number(), recall: z.number(), lift: z.number() })),
  }),
});

/** Everybody: what every curve comes to. */
const ALL = { size: 1, recall: 1, lift: 1 };

/**
 * Draws where the members of each audience lie among the customers, and what it is expected to be worth by its size. One
 * without enough seeds to hold some out has no curve.
 */
export const plotAudiences = defineActivity<PlotAudiencesInput, Plots>({
  version: 2,
  cache: 'by-content',
  output: plotsSchema,
  async run({ audiences, coordinates, model, seed }, context) {
    if (audiences.length === 0) return { output: { plots: [] }, note: 'no audience' };
    const places = await context.open(coordinates);
    const axes = await componentAxes(await context.open(model));
    return context.withDuckDb('UTC', async (db, phase) => {
      const plots: Plot[] = [];
      for (const { name, summary, members, report } of audiences) {
        phase(`drawing ${name}`);
        const mark = { ids: parquetFile(await context.open(members)), name };
        const points = await customerPoints(db, { coordinates: places, mark, others: 'other customers', seed });
        const title = `Audience ${name} among the customers`;
        if (points !== null) plots.push(await putPlot(context, `pca-${name}`, drawPoints(points, title, axes)));
        const curve = await liftCurve(name, summary, await context.open(report));
        if (curve !== null) plots.push(await putPlot(context, `lift-${name}`, curve));
      }
      return {
        output: { plots },
        note: plots
          .map(({ name }) => name)
          .join(', ')
          .slice(0, 120),
      };
    });
  },
});

async function liftCurve(name: string, summary: AudienceSummary, reportFile: string): Promise<string | null> {
  const { scoring } = reportSchema.parse(JSON.parse(await readFile(reportFile, 'utf8')));
  const { expected, heldOut } = scoring;
  if (expected.length === 0) return null;
  return drawLiftCurve({
    title: `Audience ${name}: what to expect by its size`,
    notes: notesOf(expected, heldOut, summary),
    points: [...expected, ALL].map(({ size, recall, lift }) => ({ reach: size, recall, lift })),
    chosen: summary.candidatos === 0 ? null : summary.clientes / summary.candidatos,
  });
}

/** Where it came from, and how to read the picture. */
function notesOf(
  expected: readonly z.infer<typeof reportSchema>['scoring']['expected'][number][],
  heldOut: number,
  { clientes, candidatos }: AudienceSummary,
): readonly string[] {
  const from = `${figure(clientes)} of ${customers(candidatos)} who may be in it. From ${figure(heldOut)} seeds, held out in turn.`;
  const tenth = expected.find(({ size }) => size === 0.1);
  if (tenth === undefined) return [from];
  const { recall, lift } = tenth;
  return [from, `The best tenth has ${share(recall)} of them, ${figure(lift)} times as many as a random tenth.`];
}
