import { defineSearchAttributeKey } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { TemporalClient } from '../../cli/temporal-client.js';
import { followRun, startRun } from '../../cli/temporal-run.js';
import type { Dag } from '../../dag/dag.js';
import { tasksIn } from '../../dag/run-state.js';
import { progressQuery } from '../../workflows/run-dag.js';
import { numbersDag, patientDag } from '../contract/contract-dags.js';
import { counted, numbers, untilStopped } from '../contract/contract-run.js';
import type { Behaviour } from '../contract/contract-run.js';
import { executorContract } from '../contract/executor-contract.js';
import { contractRun, settled, startContractWorker } from '../support/contract-worker.js';
import type { ContractWorker } from '../support/contract-worker.js';

let worker: ContractWorker;
let client: Client;
let temporal: TemporalClient;
let taskQueue: string;

beforeAll(async () => {
  worker = await startContractWorker({ address: inject('temporalAddress') });
  ({ client, temporal, taskQueue } = worker);
});

afterAll(() => worker.close());

const behave = (behaviour: Behaviour): void => worker.behave(behaviour);
const start = async (dag: Dag, params: unknown): Promise<WorkflowHandle> => worker.start(dag, params);

executorContract('on Temporal', async (dag, params, behaviour, plan) => {
  behave(behaviour);
  return contractRun(await worker.start(dag, params, plan === undefined ? {} : { plan }), dag.id);
});

/** The activities that a run scheduled, by their id, with the summary that the timeline shows. */
async function scheduled(
  handle: WorkflowHandle,
): Promise<Map<string, { type: string; summary: string | undefined; queue: string }>> {
  const { events } = await handle.fetchHistory();
  const found = new Map<string, { type: string; summary: string | undefined; queue: string }>();
  for (const { activityTaskScheduledEventAttributes: activity, userMetadata } of events ?? []) {
    if (activity === undefined || activity === null) continue;
    const summary = userMetadata?.summary;
    found.set(activity.activityId ?? '', {
      type: activity.activityType?.name ?? '',
      summary:
        summary === undefined || summary === null
          ? undefined
          : (client.options.loadedDataConverter.payloadConverter.fromPayload(summary) as string),
      queue: activity.taskQueue?.name ?? '',
    });
  }
  return found;
}

const fecha = '2026-11-16';
const dagKey = defineSearchAttributeKey('Dag', 'KEYWORD');
const fechaKey = defineSearchAttributeKey('FechaModelo', 'KEYWORD');

describe('a DAG as a Temporal workflow', () => {
  it('calls every activity by the id of its task, on the queue of its kind, with a short summary for the timeline', async () => {
    behave({ ...numbers, read: async ({ start }) => ({ value: start, label: 'x', rows: 1_234_567 }) });
    const handle = await start(numbersDag, { start: 1, fecha });
    await handle.result();
    const activities = await scheduled(handle);
    expect([...activities.keys()].toSorted()).toEqual(['aside', 'double', 'read', 'sum', 'triple']);
    expect(activities.get('triple')?.queue).toBe(`${taskQueue}-compute`);
    expect(activities.get('double')?.queue).toBe(taskQueue);
    for (const [id, { type, summary }] of activities) {
      expect(type).toBe(id);
      expect(summary).toMatch(/^2026-11-16/);
      expect(summary?.length).toBeLessThanOrEqual(40);
      expect(summary).not.toContain(type);
    }
    expect(activities.get('sum')?.summary).toBe('2026-11-16 · 1,234,567 rows in');
  });

  it('sets no summary where there is nothing to say', async () => {
    behave(numbers);
    const handle = await start(numbersDag, { start: 1 });
    await handle.result();
    expect((await scheduled(handle)).get('double')?.summary).toBeUndefined();
  });

  it('shows its tasks as a Markdown table in the current details, while it runs and after', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    behave({
      ...numbers,
      triple: async () => Promise.reject(new RangeError('no | pipes')),
      aside: async () => {
        await held;
        return 'x';
      },
    });
    const handle = await start(numbersDag, { start: 1, fecha });
    const details = async (): Promise<string> => {
      const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
      return metadata.currentDetails ?? '';
    };
    await expect.poll(details, { timeout: 30_000 }).toContain('⛔');
    const during = (await details()).replaceAll('\u00A0', ' ');
    expect(during).toContain(String.raw`**triple** failed: RangeError: no \| pipes`);
    expect(during).toMatch(/\| Task +\| State +\| Time +\| Made +\|\n\|---\|---\|---\|---\|\n/);
    expect(during).toMatch(/\| read +\| ✅ success +\| \d+\.\d s +\| read done +\|/);
    expect(during).toMatch(/\| aside +\| ▶️ running +\|/);
    release();
    await expect(handle.result()).rejects.toThrow();
    expect((await details()).replaceAll('\u00A0', ' ')).toMatch(/\| aside +\| ✅ success/);
  });

  it('carries its DAG and date as search attributes, by which it is found, ranges of dates included', async () => {
    behave(numbers);
    const handle = await start(numbersDag, { start: 1, fecha: '2031-02-03' });
    await handle.result();
    const { typedSearchAttributes } = await handle.describe();
    expect(typedSearchAttributes.get(dagKey)).toBe('numbers');
    expect(typedSearchAttributes.get(fechaKey)).toBe('2031-02-03');
    const found = async (query: string): Promise<string[]> => {
      const ids: string[] = [];
      for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
      return ids;
    };
    const query = `Dag = 'numbers' AND FechaModelo BETWEEN '2031-02-01' AND '2031-02-28' AND ExecutionStatus = 'Completed'`;
    await expect.poll(() => found(query), { timeout: 30_000 }).toContain(handle.workflowId);
    expect(await found(`Dag = 'numbers' AND FechaModelo > '2031-02-28'`)).not.toContain(handle.workflowId);
  });

  it('answers the progress query while it runs and after it has ended', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    behave({
      ...numbers,
      sum: async (input) => {
        await held;
        return numbers.sum(input);
      },
    });
    const handle = await start(numbersDag, { start: 1 });
    await expect
      .poll(async () => tasksIn(await handle.query(progressQuery), 'running'), { timeout: 30_000 })
      .toEqual(['sum']);
    await expect
      .poll(async () => tasksIn(await handle.query(progressQuery), 'success'), { timeout: 30_000 })
      .toHaveLength(4);
    release();
    await handle.result();
    const { dag, tasks } = await handle.query(progressQuery);
    expect(dag).toBe('numbers');
    expect(tasks['sum']).toMatchObject({ state: 'success', note: 'sum done' });
  });

  it('gives a result that reads well: what was computed, what each task made, the outputs', async () => {
    behave(numbers);
    const handle = await start(numbersDag, { start: 2, fecha });
    expect(await handle.result()).toEqual({
      dag: 'numbers',
      fecha,
      computed: '5 of 5 tasks',
      computedTasks: 5,
      made: { read: 'read done', double: 'double done', triple: 'triple done', sum: 'sum done', aside: 'aside done' },
      outputs: { sum: 110, aside: 'aside of 2' },
    });
  });

  it.each([
    [{ start: 'x' }, 'parameters of numbers: start: '],
    [
      { start: 1, fecha: '2026-02-30' },
      "parameters of numbers: fecha: Expected a date that exists, as YYYY-MM-DD, got '2026-02-30'",
    ],
    [{ start: 1, begin: 2 }, 'parameters of numbers: Unrecognized key: "begin"'],
  ])('fails at once on the parameters %j, names the key, and starts no task', async (params, message) => {
    behave({});
    const handle = await start(numbersDag, params);
    const failure = await handle.result().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect((failure as WorkflowFailedError).cause).toMatchObject({ type: 'BadParameters', nonRetryable: true });
    expect((failure as WorkflowFailedError).cause?.message.slice(0, message.length)).toBe(message);
    expect((await scheduled(handle)).size).toBe(0);
  });

  it('leaves no pending activity behind, also where a branch failed long before the other ended', async () => {
    let tripleFailed = (): void => {};
    const failed = new Promise<void>((resolve) => (tripleFailed = resolve));
    const { behaviour, atWork } = counted({
      ...numbers,
      triple: async () => {
        setTimeout(tripleFailed, 300);
        throw new RangeError('no');
      },
      aside: async () => {
        await failed;
        return 'ended later';
      },
    });
    behave(behaviour);
    const handle = await start(numbersDag, { start: 1 });
    const { headline, state } = await settled(handle);
    expect(headline).toBe('triple failed: RangeError: no');
    expect(state.tasks['aside']?.state).toBe('success');
    expect(atWork()).toBe(0);
    expect((await handle.describe()).raw.pendingActivities).toEqual([]);
  });
});

describe('startRun', () => {
  it('refuses a second run of a date while one is running, says where to watch it, and admits one after it', async () => {
    const { behaviour } = counted({ aside: async () => 'x', patient: async (_, context) => untilStopped(context) });
    behave(behaviour);
    const params = { start: 1, fecha: '2031-05-05' };
    const first = await startRun(temporal, patientDag, params);
    expect(first.id).toBe('patient/2031-05-05');
    await expect(startRun(temporal, patientDag, params)).rejects.toMatchObject({
      name: 'AlreadyRunning',
      message:
        'patient/2031-05-05 is running already, and a date has one run at a time: watch it at http://ui/patient/2031-05-05',
    });
    const other = await startRun(temporal, patientDag, { ...params, fecha: '2031-05-12' });
    await first.handle.cancel();
    await other.handle.cancel();
    await Promise.allSettled([first.handle.result(), other.handle.result()]);
    behave({ aside: async () => 'x', patient: async () => 1, after: async ({ before }) => before });
    const again = await startRun(temporal, patientDag, params);
    expect(again.runId).not.toBe(first.runId);
    await expect(again.handle.result()).resolves.toMatchObject({ fecha: '2031-05-05' });
  });
});

describe('followRun', () => {
  const watcher = { onChange: () => {}, say: () => {} };

  it('follows a run to its end, and gives its state and outputs', async () => {
    behave(numbers);
    const started = await startRun(temporal, numbersDag, { start: 3, fecha: '2031-06-02' } as { fecha: string });
    const { outcome, outputs } = await followRun(temporal, started, watcher);
    expect(outcome).toBe('success');
    expect(outputs).toEqual({ sum: 115, aside: 'aside of 3' });
  });

  it('tells a run that was terminated from one that succeeded', async () => {
    behave({ aside: async () => 'x', patient: async (_, context) => untilStopped(context) });
    const started = await startRun(temporal, patientDag, { start: 3, fecha: '2031-06-09' } as { fecha: string });
    const following = followRun(temporal, started, watcher);
    await started.handle.terminate('by the test');
    const { outcome, failure } = await following;
    expect(outcome).toBe('failed');
    expect(failure?.message).toContain('by the test');
  });

  it('gives the reason and its type where the parameters were refused', async () => {
    const started = await startRun(temporal, numbersDag, { fecha: '2031-06-16' });
    const { failure } = await followRun(temporal, started, watcher);
    expect(failure).toMatchObject({
      type: 'BadParameters',
      message: expect.stringContaining('parameters of numbers: start: '),
    });
  });
});
