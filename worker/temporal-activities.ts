import { Context } from '@temporalio/activity';
import type { ActivityDefinition } from '../activities/define-activity.js';
import { runActivity } from '../activities/run-activity.js';
import type { ActivityDeps } from '../activities/run-activity.js';
import type { TaskResult } from '../dag/executor.js';
import type { TaskCall } from '../workflows/task-call.js';
import { isPermanent } from '../dag/permanent-error.js';
import { asFailure } from './as-failure.js';
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
    const { attempt } = info;
    const started = performance.now();
    const tell = (end: EndedAttempt['end']): void => {
      const retried =
        'error' in end && !isPermanent(end.error) && attempt < (info.retryPolicy?.maximumAttempts ?? Infinity);
      const remembers = definition.cache !== 'never';
      const durationMs = Math.round(performance.now() - started);
      const ended = { call: called, remembers, attempt, retried, stopped: signal.aborted, durationMs, end };
      meter.observe(attemptObservations(ended));
      sayLine(log, attemptLine(ended));
    };
    try {
      const { id, record } = run;
      // The DAG's types pair every activity with its input.
      const result = await runActivity(
        definition,
        deps,
        { ...call, run: id, record, attempt, signal, heartbeat },
        input as never,
      );
      tell({ result });
      return result;
    } catch (error) {
      tell({ error });
      throw asFailure(error);
    }
  };
  return Object.fromEntries(Object.entries(definitions).map(([name, definition]) => [name, bind(definition)]));
}
