import type { ActivityDefinition } from '../../activities/define-activity.js';
import { runActivity } from '../../activities/run-activity.js';
import type { ActivityDeps } from '../../activities/run-activity.js';

/** What a task gives, computed anew in this process. Meant for tasks that never skip themselves. */
export async function taskOutput<Input, Output>(
  deps: ActivityDeps,
  definition: ActivityDefinition<Input, Output>,
  fecha: string,
  input: Input,
): Promise<Output> {
  const attempt = { task: 'evaluated', run: `bench/${fecha}`, record: `runs/bench/${fecha}/bench`, attempt: 1 };
  const { signal } = new AbortController();
  const options = { ...attempt, mode: 'refresh', signal, heartbeat: () => {} } as const;
  // Optional in the type, for tasks that may skip themselves.
  return (await runActivity(definition, deps, options, input)).output as Output;
}
