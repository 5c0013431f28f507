import { z } from 'zod';
import type { RunPlan } from '../dag/run-plan.js';

const priority = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);

/** What a run is told beside its parameters. Checked in the workflow: anyone may start one. */
export const runOptions = z.strictObject({
  plan: z
    .strictObject({
      tasks: z.record(z.string(), z.enum(['run', 'refresh', 'pinned', 'skipped'])),
      reuse: z.string().optional(),
      hold: z.boolean(),
      priority: priority.optional(),
    })
    // zod gives optional fields an explicit `undefined`; the plan has them absent.
    .transform((plan): RunPlan => JSON.parse(JSON.stringify(plan)) as RunPlan)
    .optional(),
});

export type RunOptions = z.input<typeof runOptions>;
