// A backfill of more dates than one history should hold.
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { initialBackfill, withDate } from '../../dag/backfill-state.js';
import { datesOf } from '../../dag/date-range.js';
import { beating, gate, untilStopped } from '../contract/contract-run.js';
import { actOnBackfillBy, backfillState, failureOfRun, startBackfill, untilDates } from '../support/backfill-run.js';
import { startContractWorker } from '../support/contract-worker.js';
import type { ContractWorker } from '../support/contract-worker.js';
import { historyFigures } from '../support/run-history.js';
import { visitDag } from '../contract/contract-dags.js';

vi.setConfig({ testTimeout: 600_000 });

/** The server warns from 10,240 events on, and ends a workflow at 51,200. */
const EVENT_LIMIT = 3_000;
const COUNT = 500;

let worker: ContractWorker;

beforeAll(async () => {
  worker = await startContractWorker({ address: inject('temporalAddress') });
});

afterAll(() => worker.close());

/** The executions of a workflow, each the continuation of the one before, the first one first. */
async function executionsOf(handle: WorkflowHandle): Promise<readonly WorkflowHandle[]> {
  const { runId } = await handle.describe();
  const executions = [worker.client.workflow.getHandle(handle.workflowId, runId)];
  for (;;) {
    const [first] = executions;
    const { events } = (await first?.fetchHistory()) ?? {};
    const before = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
    if (before === '') return executions;
    executions.unshift(worker.client.workflow.getHandle(handle.workflowId, before));
  }
}

it(`runs ${COUNT} dates in histories that stay short, and follows a date over several of them`, async () => {
  const dates = datesOf({ from: '2020-01-01', to: '2022-12-31', every: { count: 1, unit: 'day' } }).slice(0, COUNT);
  const slow = gate();
  const visited: string[] = [];
  worker.behave({
    visit: async ({ fecha = '' }, context) => {
      visited.push(fecha);
      if (fecha === dates[2]) await beating(context, slow.opened);
      return fecha;
    },
  });
  const startedAt = Date.now();
  const handle = await startBackfill(worker, 'long', dates, { maxRuns: 10 });
  await expect.poll(() => visited.length, { timeout: 500_000, interval: 500 }).toBe(COUNT);
  const took = Date.now() - startedAt;
  slow.open();
  expect(await handle.result()).toMatchObject({ dates: `${COUNT} dates: ${COUNT} success` });
  expect(visited.toSorted()).toEqual(dates);
  const figures = await Promise.all((await executionsOf(handle)).map(historyFigures));
  const events = figures.map((figure) => figure.events);
  console.log(
    `${COUNT} dates: ${(took / COUNT).toFixed(0)} ms a date, ${events.length} executions, ` +
      `${(events.reduce((sum, count) => sum + count, 0) / COUNT).toFixed(1)} events a date, at most ${Math.max(...events)} in a history; ` +
      `largest payload ${Math.max(...figures.map(({ largest }) => largest.bytes))} bytes`,
  );
  expect(events.length).toBeGreaterThan(1);
  expect(Math.max(...events)).toBeLessThan(EVENT_LIMIT);
});

it('takes over the dates that the execution before it left at work, and can cancel them', async () => {
  const dates = datesOf({ from: '2019-01-01', to: '2019-01-04', every: { count: 1, unit: 'day' } });
  const [one = '', two = '', three = ''] = dates;
  worker.behave({ visit: async (_, context) => untilStopped(context) });
  const runs = await Promise.all(
    [one, two].map(async (fecha) =>
      worker.client.workflow.start(visitDag.id, {
        workflowId: `visit/${fecha}`,
        taskQueue: worker.taskQueue,
        args: [{ start: 1, fecha }],
      }),
    ),
  );
  const plan = { dag: 'visit', dates, refused: {}, maxRuns: 2 };
  const carried = runs.reduce(
    (state, { firstExecutionRunId: runId }, at) => withDate(state, dates[at] ?? '', { state: 'running', runId }),
    initialBackfill('visit/taken-over', plan),
  );
  const handle = await startBackfill(worker, 'taken-over', dates, { carried });
  await untilDates(handle, 'running', [one, two]);
  await runs[0]?.terminate('a test');
  await untilDates(handle, 'running', [two, three]);
  expect((await backfillState(handle)).dates[one]).toMatchObject({ state: 'failed', error: { type: 'Terminated' } });
  await actOnBackfillBy(handle, 'cancel');
  await failureOfRun(handle);
  expect((await runs[1]?.describe())?.status.name).toBe('CANCELLED');
});
