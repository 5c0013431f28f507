import { Context } from '@temporalio/activity';
import type { ActivityDefinition } from '../activities/define-activity.js';
import { runActivity } from '../activities/run-activity.js';
import type { ActivityDeps } from '../activities/run-activity.js';
import type { TaskResult } from '../dag/executor.js';
import type { TaskCall } from '../workflows/task-call.js';
import { asFailure } from './as-failure.js';

type Definitions = { readonly [name: string]: ActivityDefinition<never, unknown> };

/** Activity definitions as the functions that a Temporal worker registers. */
export function createActivities(
  definitions: Definitions,
  deps: ActivityDeps,
): { [name: string]: (call: TaskCall) => Promise<TaskResult> } {
  const bind =
    (definition: ActivityDefinition<never, unknown>) =>
    async ({ run, input, ...call }: TaskCall) => {
      const { cancellationSignal: signal, info, heartbeat } = Context.current();
      const attempt = { ...call, run: run.id, record: run.record, attempt: info.attempt, signal, heartbeat };
      try {
        // The DAG's types pair every activity with its input.
        return await runActivity(definition, deps, attempt, input as never);
      } catch (error) {
        throw asFailure(error);
      }
    };
  return Object.fromEntries(Object.entries(definitions).map(([name, definition]) => [name, bind(definition)]));
}
