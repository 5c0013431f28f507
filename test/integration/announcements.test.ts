// Who is told of a run, by a real receiver, and what is written of it.
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PermanentError } from '../../dag/permanent-error.js';
import { freePort } from '../../infra/free-port.js';
import { readRunRecord, readTaskRecord } from '../../lake/run-records.js';
import { progressQuery } from '../../workflows/run-dag.js';
import { checkedDag, dueDag, numbersDag, patientDag } from '../contract/contract-dags.js';
import { beating, gate, numbers, pause, statesOf, untilStopped } from '../contract/contract-run.js';
import { startReceiver } from '../support/callback-receiver.js';
import type { CallbackReceiver, Received } from '../support/callback-receiver.js';
import { actOn, recordOf, settled, startContractWorker } from '../support/contract-worker.js';
import type { ContractWorker } from '../support/contract-worker.js';
import { childrenOf, eventsOf } from '../support/run-history.js';

const SECRET = 'of the test';

let receiver: CallbackReceiver;
let worker: ContractWorker;

beforeAll(async () => {
  receiver = await startReceiver(SECRET);
  const down = `http://127.0.0.1:${await freePort()}/`;
  worker = await startContractWorker({
    address: inject('temporalAddress'),
    callbacks: [
      { url: down, on: ['failure'], dags: [checkedDag.id] },
      { url: receiver.url, on: ['success', 'failure', 'deadline'], dags: [numbersDag.id, dueDag.id], secret: SECRET },
      { url: receiver.url, on: ['failure'], dags: [patientDag.id] },
    ],
  });
});

afterAll(async () => {
  await worker.close();
  await receiver.close();
});

const toldOf = ({ workflowId }: WorkflowHandle): readonly Received[] =>
  receiver.received.filter((told) => told.workflowId === workflowId);
const eventsTold = (handle: WorkflowHandle): readonly string[] => toldOf(handle).map(({ event }) => event);
const wait = { timeout: 30_000, interval: 50 };

describe('callbacks', () => {
  it('tell of a success once, signed', async () => {
    worker.behave(numbers);
    const handle = await worker.start(numbersDag, { start: 5, fecha: '2026-11-16' });
    await handle.result();
    await expect.poll(() => eventsTold(handle), wait).toEqual(['success']);
    const [told] = toldOf(handle);
    expect(told?.isSigned).toBe(true);
    expect(told?.body).toMatchObject({
      event: 'success',
      dag: 'numbers',
      fecha: '2026-11-16',
      headline: '5 tasks succeeded, 0 of them cached',
      failedTasks: [],
      deadline: null,
    });
  });

  it('tell of a failure by its tasks, again after a 503 and when it asked for, as the same delivery', async () => {
    worker.behave({ ...numbers, triple: async () => Promise.reject(new PermanentError('no column')) });
    receiver.answer(503);
    const handle = await worker.start(numbersDag, { start: 5, fecha: '2026-11-16' });
    expect((await settled(handle)).outcome).toBe('failed');
    await expect.poll(() => toldOf(handle).map(({ status }) => status), wait).toEqual([503, 204]);
    const [first, second] = toldOf(handle);
    expect(first?.body).toEqual(second?.body);
    expect(first?.headers['x-segmenta-delivery']).toBe(second?.headers['x-segmenta-delivery']);
    expect(second?.isSigned).toBe(true);
    const seconds = Number(second?.headers['x-segmenta-timestamp']) - Number(first?.headers['x-segmenta-timestamp']);
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(second?.body).toMatchObject({
      event: 'failure',
      headline: 'triple failed: PermanentError: no column',
      failedTasks: [{ task: 'triple', type: 'PermanentError', message: 'no column' }],
    });
  });

  it('give up on a receiver that refuses for good', async () => {
    worker.behave(numbers);
    receiver.answer(410);
    const handle = await worker.start(numbersDag, { start: 5 });
    await handle.result();
    const [callbacks] = await childrenOf(worker.client, handle);
    await expect(callbacks?.result()).rejects.toThrow();
    expect(toldOf(handle).map(({ status }) => status)).toEqual([410]);
  });

  it('keep no run open while a receiver is down, and carry nothing of its url', async () => {
    const no = async () => ({ passed: false, figures: {}, message: 'no' });
    worker.behave({ verify: no, remark: no, aside: async () => 'x' });
    const handle = await worker.start(checkedDag, { start: 1 });
    expect((await settled(handle)).outcome).toBe('failed');
    const [callbacks] = await childrenOf(worker.client, handle);
    expect((await callbacks?.describe())?.status.name).toBe('RUNNING');
    expect(JSON.stringify(await eventsOf(handle))).not.toContain('token=');
    await callbacks?.terminate('the test is over');
  });

  it('tell nobody of a cancelled run, nor who asked for other events or DAGs', async () => {
    worker.behave({ ...numbers, aside: async (_, context) => untilStopped(context) });
    const handle = await worker.start(numbersDag, { start: 1 });
    await expect.poll(async () => statesOf(await handle.query(progressQuery))['aside'], wait).toBe('running');
    await handle.cancel();
    expect((await settled(handle)).outcome).toBe('cancelled');
    worker.behave({ aside: async () => 'x', patient: async () => 1, after: async () => 2 });
    const other = await worker.start(patientDag, { start: 1 });
    await other.result();
    for (const run of [handle, other]) {
      expect(await childrenOf(worker.client, run)).toEqual([]);
      expect(toldOf(run)).toEqual([]);
    }
  });
});

/** So that a run of today is due in so many seconds. */
function dueIn(seconds: number): { readonly fecha: string; readonly dueAfter: number } {
  const now = new Date();
  const fecha = now.toISOString().slice(0, 10);
  return { fecha, dueAfter: Math.max(1, Math.round((now.getTime() - Date.parse(fecha)) / 1_000) + seconds) };
}

describe('a deadline', () => {
  it('is told of once, by a timer, while the run goes on; its end is told of, too', async () => {
    const mayEnd = gate();
    worker.behave({
      patient: async (_, context) => {
        await beating(context, mayEnd.opened);
        return 1;
      },
      after: async ({ before }) => before,
    });
    const due = dueIn(4);
    const handle = await worker.start(dueDag, { start: 1, ...due });
    await expect.poll(async () => statesOf(await handle.query(progressQuery))['patient'], wait).toBe('running');
    await expect.poll(() => eventsTold(handle), wait).toEqual(['deadline']);
    const [told] = toldOf(handle);
    const deadline = new Date(Date.parse(due.fecha) + due.dueAfter * 1_000).toISOString();
    expect(told?.body).toMatchObject({ deadline, headline: `Not finished at its deadline, ${deadline}` });
    expect(told?.isSigned).toBe(true);
    mayEnd.open();
    await handle.result();
    await expect.poll(() => eventsTold(handle), wait).toEqual(['deadline', 'success']);
  });

  it('is told of at once where the run starts after it', async () => {
    worker.behave({ patient: async () => 1, after: async ({ before }) => before });
    const handle = await worker.start(dueDag, { start: 1, fecha: '2020-02-03', dueAfter: 60 });
    await handle.result();
    await expect.poll(() => eventsTold(handle).toSorted(), wait).toEqual(['deadline', 'success']);
    expect(toldOf(handle).find(({ event }) => event === 'deadline')?.body['headline']).toBe(
      'Started after its deadline, 2020-02-03T00:01:00.000Z',
    );
  });

  it('is not told of where the run ends before it', async () => {
    worker.behave({ patient: async () => 1, after: async ({ before }) => before });
    const due = dueIn(10);
    const handle = await worker.start(dueDag, { start: 1, ...due });
    await handle.result();
    const left = Date.parse(due.fecha) + due.dueAfter * 1_000 - Date.now();
    expect(left).toBeGreaterThan(0);
    await pause(left + 1_000);
    expect(eventsTold(handle)).toEqual(['success']);
  });

  it('in a zone that does not exist fails the run at once, as a parameter', async () => {
    const handle = await worker.start(dueDag, { start: 1, ...dueIn(60), timeZone: 'America/Nowhere' });
    await expect(handle.result()).rejects.toMatchObject({
      cause: { type: 'BadParameters', message: expect.stringContaining('America/Nowhere') },
    });
  });
});

describe('the record of a run', () => {
  const fecha = '2026-11-16';
  const record = async (handle: WorkflowHandle) => readRunRecord(worker.store, recordOf(handle, 'numbers', fecha));

  it('says how a success came about, beside what each task gave', async () => {
    worker.behave(numbers);
    const handle = await worker.start(numbersDag, { start: 5, fecha });
    await handle.result();
    expect(await record(handle)).toMatchObject({
      dag: 'numbers',
      fecha,
      run: handle.workflowId,
      outcome: 'success',
      params: { start: 5, fecha },
      tasks: { success: ['read', 'double', 'triple', 'sum', 'aside'] },
      states: { sum: { state: 'success', cached: false, attempts: 1, note: 'sum done' } },
      origin: { kind: 'manual' },
      versions: { segmenta: expect.any(String), build: 'of the test', engine: expect.stringContaining('duckdb') },
      errors: {},
      audit: [],
    });
    const task = await readTaskRecord(worker.store, recordOf(handle, 'numbers', fecha), 'sum');
    expect(task).toMatchObject({ task: 'sum', output: 125, cached: false, attempts: 1 });
  });

  it('says why a run failed', async () => {
    worker.behave({ ...numbers, triple: async () => Promise.reject(new PermanentError('no column')) });
    const handle = await worker.start(numbersDag, { start: 5, fecha });
    await settled(handle);
    expect(await record(handle)).toMatchObject({
      outcome: 'failed',
      tasks: { success: ['read', 'double', 'aside'], failed: ['triple'], upstream_failed: ['sum'] },
      states: { sum: { state: 'upstream_failed', note: expect.stringContaining('triple failed') } },
      errors: { triple: { type: 'PermanentError', message: 'no column' } },
    });
  });

  it.each(['by an operator', 'by Temporal'])('is there of a run that was cancelled %s', async (by) => {
    worker.behave({ aside: async () => 'x', patient: async (_, context) => untilStopped(context) });
    const handle = await worker.start(patientDag, { start: 5, fecha });
    await expect.poll(async () => statesOf(await handle.query(progressQuery))['patient'], wait).toBe('running');
    if (by === 'by Temporal') await handle.cancel();
    else await actOn(handle, { do: 'cancel' }, { who: 'Eva', why: 'a test' });
    expect((await settled(handle)).outcome).toBe('cancelled');
    const { outcome, audit } = (await readRunRecord(worker.store, recordOf(handle, 'patient', fecha))) ?? {};
    expect(outcome).toBe('cancelled');
    const entry = { who: 'Eva', why: 'a test', action: 'cancel' };
    expect(audit).toMatchObject(by === 'by Temporal' ? [] : [entry]);
  });
});
