import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { defineActivity } from '../define-activity.js';
import type { Audience, Plot } from './handles.js';
import { plotsSchema } from './plot-customers.js';
import type { Plots } from './plot-customers.js';
import { figure } from './plots/figures.js';
import { drawLiftCurve } from './plots/lift-curve.js';
import { putPlot } from './put-plot.js';

export interface PlotAudiencesInput {
  readonly audiences: readonly Audience[];
}

/** What the curve needs of an `AudienceReport`. */
const curveSchema = z.object({
  curve: z.array(z.object({ reach: z.number(), recall: z.number(), lift: z.number() })),
});

/** Draws what each audience is expected to be worth by its size. One without enough seeds to hold some out has no curve. */
export const plotAudiences = defineActivity<PlotAudiencesInput, Plots>({
  version: 1,
  cache: 'by-content',
  output: plotsSchema,
  async run({ audiences }, context) {
    const plots: Plot[] = [];
    for (const { name, summary, report } of audiences) {
      const { curve } = curveSchema.parse(JSON.parse(await readFile(await context.open(report), 'utf8')));
      if (curve.length === 0) continue;
      const svg = drawLiftCurve({
        title: `Audience ${name}: what it is expected to find`,
        notes: [`From some of its ${figure(summary.semillas)} seeds, which were held out.`],
        points: curve,
        chosen: summary.clientes / summary.candidatos,
      });
      plots.push(await putPlot(context, `lift-${name}`, svg));
    }
    return { output: { plots }, note: plots.map(({ name }) => name).join(', ') || 'no audience' };
  },
});
