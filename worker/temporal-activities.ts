import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityDefinition } from '../activities/define-activity.js';
import { runActivity } from '../activities/run-activity.js';
import type { ActivityDeps } from '../activities/run-activity.js';
import type { TaskResult } from '../dag/execute.js';
import { isPermanent } from '../dag/permanent-error.js';
import type { TaskCall } from '../workflows/run-dag.js';

type Definitions = { readonly [name: string]: ActivityDefinition<never, unknown> };

/** Activity definitions as the functions that a Temporal worker registers. */
export function createActivities(
  definitions: Definitions,
  deps: ActivityDeps,
): { [name: string]: (call: TaskCall) => Promise<TaskResult> } {
  const bind = (definition: ActivityDefinition<never, unknown>) => async (call: TaskCall) => {
    const { cancellationSignal, info, heartbeat } = Context.current();
    const { workflowId, runId } = info.workflowExecution ?? { workflowId: 'no workflow', runId: info.activityId };
    const attempt = {
      task: call.task,
      run: `${workflowId}/${runId}`,
      signal: cancellationSignal,
      heartbeat,
    };
    try {
      // The DAG's types pair every activity with its input.
      return await runActivity(definition, deps, attempt, call.input as never);
    } catch (error) {
      throw asFailure(error);
    }
  };
  return Object.fromEntries(Object.entries(definitions).map(([name, definition]) => [name, bind(definition)]));
}

/** Temporal retries by type: what no retry cures says so itself, with the name it has here. */
function asFailure(error: unknown): unknown {
  if (!isPermanent(error) || !(error instanceof Error)) return error;
  return ApplicationFailure.create({ message: error.message, type: error.name, nonRetryable: true, cause: error });
}
