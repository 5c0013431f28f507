import { z } from 'zod';
import type { Dag } from '../dag/dag.js';
import { MANUAL } from '../dag/run-origin.js';
import type { RunOrigin } from '../dag/run-origin.js';
import { wholePlan } from '../dag/run-plan.js';
import type { RunPlan } from '../dag/run-plan.js';

const name = z.string().min(1);

const origin = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('manual') }),
  z.strictObject({ kind: z.literal('scheduled'), schedule: name }),
  z.strictObject({ kind: z.literal('backfill'), backfill: name }),
]);

const priority = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);

/** What a run is told beside its parameters; all of it may be left out. Checked in the workflow: anyone may start one. */
export const runOptions = z.strictObject({
  /** All tasks of the DAG run where it is left out. */
  tasks: z.record(z.string(), z.enum(['run', 'refresh', 'pinned', 'skipped'])).optional(),
  reuse: z.string().optional(),
  hold: z.boolean().default(false),
  priority: priority.optional(),
  /** A person's doing where it is left out. */
  origin: origin.default(MANUAL),
});

export type RunOptions = z.input<typeof runOptions>;

/** The plan and the origin as a run is told them: what goes without saying is not said, for whoever reads the run's input. */
export function optionsOf(
  dag: Dag,
  { tasks, hold, ...rest }: RunPlan,
  from: RunOrigin = MANUAL,
): RunOptions | undefined {
  const whole = dag.tasks.every(({ id }) => tasks[id] === 'run');
  const options = {
    ...(whole ? {} : { tasks }),
    ...(hold ? { hold } : {}),
    ...rest,
    ...(from.kind === 'manual' ? {} : { origin: from }),
  };
  return Object.keys(options).length === 0 ? undefined : options;
}

/** Throws a `ZodError` where these are no options. */
export function planOf(dag: Dag, given: RunOptions): RunPlan {
  const { tasks = wholePlan(dag).tasks, reuse, hold, priority: said } = runOptions.parse(given);
  return { tasks, hold, ...(reuse === undefined ? {} : { reuse }), ...(said === undefined ? {} : { priority: said }) };
}

/** Throws a `ZodError` where these are no options. */
export const originOf = (given: RunOptions): RunOrigin => runOptions.parse(given).origin;
