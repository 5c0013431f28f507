import { ApplicationFailure, CancellationScope, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { z } from 'zod';
import { schemaIssues } from '../dag/schema-issues.js';
import { endAs, startDateRun } from './date-run.js';
import { bringAboutCancellation } from './run-dag.js';
import type { RunSummary } from './run-dag.js';
import { fechaOf, scheduleRequest } from './schedule-request.js';

/** Set by the server on what a schedule starts. */
const scheduledKey = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/**
 * What a schedule starts, as `schedule:<name>-<time>`: the server appends the time, and the run of a date has to be
 * `<dag>/<date>`. So it makes a date of the time, runs that date as its child, or follows the run of the date that is at
 * work already, and ends as the run ends. What cancels it cancels the run that it started.
 */
export async function scheduledRun(given: unknown): Promise<RunSummary> {
  const { request, fecha } = requested(given);
  const { dag, schedule, priority } = request;
  const root = CancellationScope.current();
  const run = await startDateRun({
    dag,
    params: { ...request.params, fecha },
    options: { origin: { kind: 'scheduled', schedule }, ...(priority === undefined ? {} : { priority }) },
    ...(priority === undefined ? {} : { priority }),
    whenCallerEnds: 'REQUEST_CANCEL',
  });
  const { workflowId, started } = run;
  const page = `/namespaces/{namespace}/workflows/${encodeURIComponent(workflowId)}`;
  setCurrentDetails(`${started ? 'Runs' : 'Follows, as it was at work already,'} [${workflowId}](${page})`);
  const end = await run.ended;
  // Else it failed, and may pause its schedule.
  if (end.outcome === 'cancelled') await CancellationScope.nonCancellable(async () => bringAboutCancellation(root));
  return endAs(end, workflowId);
}

function requested(given: unknown) {
  try {
    const request = scheduleRequest.parse(given);
    return { request, fecha: fechaOf(request, workflowInfo().typedSearchAttributes.get(scheduledKey)) };
  } catch (error) {
    const reasons =
      error instanceof z.ZodError ? schemaIssues(error) : [error instanceof Error ? error.message : String(error)];
    const message = `what a schedule hands on: ${reasons.join('; ')}`;
    throw ApplicationFailure.create({ message, type: 'BadParameters', nonRetryable: true });
  }
}
