import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { defineActivity } from '../define-activity.js';
import type { Audience, AudienceSummary, Plot } from './handles.js';
import { plotsSchema } from './plot-customers.js';
import type { Plots } from './plot-customers.js';
import { figure, share } from './plots/figures.js';
import { drawLiftCurve } from './plots/lift-curve.js';
import { putPlot } from './put-plot.js';

export interface PlotAudiencesInput {
  readonly audiences: readonly Audience[];
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

/** Draws what each audience is expected to be worth by its size. One without enough seeds to hold some out has no curve. */
export const plotAudiences = defineActivity<PlotAudiencesInput, Plots>({
  version: 1,
  cache: 'by-content',
  output: plotsSchema,
  async run({ audiences }, context) {
    const plots: Plot[] = [];
    for (const { name, summary, report } of audiences) {
      const { scoring } = reportSchema.parse(JSON.parse(await readFile(await context.open(report), 'utf8')));
      const { expected, heldOut } = scoring;
      if (expected.length === 0) continue;
      const chosen = summary.candidatos === 0 ? null : summary.clientes / summary.candidatos;
      const svg = drawLiftCurve({
        title: `Audience ${name}: what to expect by its size`,
        notes: notesOf(expected, heldOut, summary),
        points: [...expected, ALL].map(({ size, recall, lift }) => ({ reach: size, recall, lift })),
        chosen,
      });
      plots.push(await putPlot(context, `lift-${name}`, svg));
    }
    return { output: { plots }, note: plots.map(({ name }) => name).join(', ') || 'no audience' };
  },
});

/** Where it came from, and how to read the picture. */
function notesOf(
  expected: readonly z.infer<typeof reportSchema>['scoring']['expected'][number][],
  heldOut: number,
  { clientes, candidatos }: AudienceSummary,
): readonly string[] {
  const from = `${figure(clientes)} of ${figure(candidatos)} customers who may be in it. From ${figure(heldOut)} seeds, held out in turn.`;
  const tenth = expected.find(({ size }) => size === 0.1);
  if (tenth === undefined) return [from];
  const { recall, lift } = tenth;
  return [from, `The best tenth has ${share(recall)} of them, ${figure(lift)} times as many as a random tenth.`];
}
