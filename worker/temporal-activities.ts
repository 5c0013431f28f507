import { Context } from '@temporalio/activity';
import type { Info } from '@temporalio/activity';
import type { ActivityDefinition } from '../activities/define-activity.js';
import { runActivity } from '../activities/run-activity.js';
import type { ActivityDeps } from '../activities/run-activity.js';
import type { TaskResult } from '../dag/executor.js';
import { isPermanent } from '../dag/permanent-error.js';
import type { TaskCall } from '../workflows/task-call.js';
import { asFailure } from './as-failure.js';
import { watchLoop } from './loop-watch.js';
import { attemptLine, attemptObservations } from './attempt-report.js';
import type { EndedAttempt } from './attempt-report.js';
import { sayLine } from './log.js';
import { SILENT } from './telemetry.js';
import type { Telemetry } from './telemetry.js';

type Definitions = { readonly [name: string]: ActivityDefinition<never, unknown> };

/** Activity definitions as the functions that a Temporal worker registers. */
export function createActivities(
  definitions: Definitions,
  deps: ActivityDeps,
  { log, meter }: Telemetry = SILENT,
): { [name: string]: (call: TaskCall) => Promise<TaskResult> } {
  const bind = (definition: ActivityDefinition<never, unknown>) => async (called: TaskCall) => {
    const { run, input, ...call } = called;
    const { cancellationSignal: signal, info, heartbeat } = Context.current();
    const attempt = { ...call, run: run.id, record: run.record, attempt: info.attempt, signal, heartbeat };
    const started = performance.now();
    const longestBlock = watchLoop();
    // The DAG's types pair every activity with its input.
    const end = await runActivity(definition, deps, attempt, input as never).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    const ended: EndedAttempt = {
      call: called,
      remembers: definition.cache !== 'never',
      attempt: info.attempt,
      retried: 'error' in end && !isPermanent(end.error) && !isLast(info),
      stopped: signal.aborted,
      durationMs: Math.round(performance.now() - started),
      blockedMs: Math.round(longestBlock()),
      end,
    };
    meter.observe(attemptObservations(ended));
    sayLine(log, attemptLine(ended));
    if ('error' in end) throw asFailure(end.error);
    return end.result;
  };
  return Object.fromEntries(Object.entries(definitions).map(([name, definition]) => [name, bind(definition)]));
}

/** Without a bound, which is written as 0, no attempt is the last. */
function isLast({ attempt, retryPolicy: { maximumAttempts = 0 } = {} }: Info): boolean {
  return maximumAttempts > 0 && attempt >= maximumAttempts;
}
