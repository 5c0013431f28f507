import { randomUUID } from 'node:crypto';
import { ALL_ACTIVITIES } from '../activities/all-activities.js';
import { codeVersions } from '../activities/code-versions.js';
import { gatherItems } from '../activities/gather-items.js';
import { runActivity } from '../activities/run-activity.js';
import type { Config } from '../config/load-config.js';
import { executeDag } from '../dag/execute.js';
import { inProcessExecutor } from '../dag/in-process-executor.js';
import { mapResult } from '../dag/map-items.js';
import { MANUAL } from '../dag/run-origin.js';
import { recordFolder, runRecord } from '../dag/run-record.js';
import { runOutcome } from '../dag/run-state.js';
import type { RunState } from '../dag/run-state.js';
import { writeRunRecord } from '../lake/run-records.js';
import { activityDeps } from './activity-deps.js';
import type { AskedRun } from './run-command.js';
import type { FollowedRun } from './temporal-run.js';

export interface LocalRun extends AskedRun {
  readonly signal: AbortSignal;
  onChange(state: RunState): void;
}

/**
 * Runs a DAG in this process, on the lake of the configuration: the same tasks, cache, records and tables, without
 * Temporal, and so without callbacks, deadlines or an operator.
 */
export async function runLocal(
  config: Config,
  { dag, run, params, plan, signal, onChange }: LocalRun,
): Promise<FollowedRun> {
  const deps = await activityDeps(config);
  const { fecha } = params;
  const runId = `local-${randomUUID()}`;
  const record = recordFolder(dag.id, fecha, runId);
  const startedAt = new Date();
  try {
    const executor = inProcessExecutor({
      signal,
      onChange,
      pools: config.pools,
      attempt: async ({ task, input, ...call }, signal) => {
        const definition = ALL_ACTIVITIES[task.activity];
        if (definition === undefined) throw new RangeError(`Expected an activity called ${task.activity}, got none`);
        const reuse = plan.reuse === undefined ? {} : { reuse: plan.reuse };
        const attempt = {
          ...call,
          ...reuse,
          task: task.id,
          run: `${run}/${runId}`,
          record,
          signal,
          heartbeat: () => {},
        };
        // The DAG's types pair every activity with its input.
        return runActivity(definition, deps, attempt, input as never);
      },
      gather: async ({ task }, values, items) => {
        const { note = '', cached } = mapResult(undefined, items);
        const whole = { note, cached, startedAt: Date.now() };
        return gatherItems(deps.store, record, { task: task.id, values, parts: [], whole });
      },
    });
    const { state, outputs } = await executeDag(dag, params, executor, plan);
    const facts = { dag, fecha, run, runId, params, plan, origin: MANUAL, startedAt, endedAt: new Date() };
    await writeRunRecord(deps.store, record, { ...runRecord(facts, state), versions: codeVersions() });
    return { state, outputs, outcome: runOutcome(dag, state) };
  } finally {
    await deps.threads.close();
  }
}
