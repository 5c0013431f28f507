import { randomUUID } from 'node:crypto';
import { runActivity } from '../activities/run-activity.js';
import type { ActivityDefinition } from '../activities/define-activity.js';
import { segmentationActivities } from '../activities/segmentation-activities.js';
import type { Config } from '../config/load-config.js';
import type { Dag } from '../dag/dag.js';
import { executeDag } from '../dag/execute.js';
import type { RunResult } from '../dag/execute.js';
import { inProcessExecutor } from '../dag/in-process-executor.js';
import type { RunState } from '../dag/run-state.js';
import { activityDeps } from './activity-deps.js';

export interface LocalRun {
  readonly dag: Dag;
  /** `segmentation/2017-07-03` */
  readonly run: string;
  readonly params: { readonly [name: string]: unknown };
  readonly signal: AbortSignal;
  onChange(state: RunState): void;
}

/** Runs a DAG in this process, on the lake of the configuration: the same tasks, cache and tables, without Temporal. */
export async function runLocal(config: Config, { dag, run, params, signal, onChange }: LocalRun): Promise<RunResult> {
  const deps = await activityDeps(config);
  const execution = `${run}/${randomUUID()}`;
  const activities: { readonly [name: string]: ActivityDefinition<never, unknown> } = segmentationActivities;
  try {
    const executor = inProcessExecutor({
      signal,
      onChange,
      attempt: async (task, input, signal) => {
        const definition = activities[task.activity];
        if (definition === undefined) throw new RangeError(`Expected an activity called ${task.activity}, got none`);
        const attempt = { task: task.id, run: execution, signal, heartbeat: () => {} };
        // The DAG's types pair every activity with its input.
        return runActivity(definition, deps, attempt, input as never);
      },
    });
    return await executeDag(dag, params, executor);
  } finally {
    await deps.threads.close();
  }
}
