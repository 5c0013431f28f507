import { CancellationScope, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { endAs, startDateRun } from './date-run.js';
import { refusing } from './refusing.js';
import { bringAboutCancellation } from './run-dag.js';
import type { RunSummary } from './run-dag.js';
import { fechaOf, scheduleRequest } from './schedule-request.js';
import { scheduledKey } from './search-attributes.js';

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

const requested = (given: unknown) =>
  refusing('what a schedule hands on', () => {
    const request = scheduleRequest.parse(given);
    return { request, fecha: fechaOf(request, workflowInfo().typedSearchAttributes.get(scheduledKey)) };
  });
