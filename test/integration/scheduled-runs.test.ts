// What a schedule starts, on a Temporal server: which date, which run, and how it ends.
import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import type { ScheduleHandle, WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { SCHEDULED_RUN, scheduleOptions } from '../../cli/planned-schedules.js';
import type { ScheduleEntry } from '../../config/schedules.js';
import { PermanentError } from '../../dag/permanent-error.js';
import type { ScheduleRequest } from '../../workflows/schedule-request.js';
import { numbersDag, patientDag } from '../contract/contract-dags.js';
import { beating, gate, untilStopped } from '../contract/contract-run.js';
import type { Behaviour } from '../contract/contract-run.js';
import { startContractWorker } from '../support/contract-worker.js';
import type { ContractWorker } from '../support/contract-worker.js';

vi.setConfig({ testTimeout: 120_000 });

let worker: ContractWorker;
const made: ScheduleHandle[] = [];

beforeAll(async () => {
  worker = await startContractWorker({ address: inject('temporalAddress') });
});

afterAll(async () => {
  await Promise.all(made.map(async (handle) => handle.delete()));
  await worker.close();
});

const NUMBERS: Behaviour = {
  read: async ({ start }) => ({ value: start, label: 'x' }),
  double: async ({ value }) => value * 2,
  triple: async ({ value }) => value * 3,
  sum: async ({ double, triple, bonus }) => double + triple + bonus,
  aside: async () => 'aside',
};

/** Fails for good, whatever is tried. */
class Unusable extends PermanentError {
  override readonly name = 'Unusable';
}

type Made = Pick<ScheduleRequest, 'calendar'> & Partial<ScheduleRequest> & Partial<ScheduleEntry>;

/** A schedule that hands on what is said. Its runs are of years that no other test has. */
async function schedule({ jitter, overlap, catchUp, pauseOnFailure, ...request }: Made): Promise<ScheduleHandle> {
  const name = `of-a-test-${randomUUID()}`;
  const options = scheduleOptions(
    { schedule: name, dag: numbersDag.id, at: '06:00', timeZone: 'America/New_York', params: { start: 1 }, ...request },
    worker.taskQueue,
    {
      jitter: jitter ?? '0 seconds',
      overlap: overlap ?? 'bufferAll',
      catchUp: catchUp ?? '365 days',
      pauseOnFailure: pauseOnFailure ?? false,
    },
  );
  const handle = await worker.client.schedule.create({ scheduleId: name, ...options });
  made.push(handle);
  return handle;
}

type Days = readonly [from: string, to: string];

/**
 * Lets the server act as if these days were now. All in one request: of two that come within milliseconds of each other
 * it may forget the first.
 */
const relive = async (handle: ScheduleHandle, ...days: readonly Days[]): Promise<void> =>
  handle.backfill(days.map(([from, to]) => ({ start: new Date(from), end: new Date(to), overlap: 'BUFFER_ALL' })));

/** What the schedule has started, once it is so many. */
async function started(handle: ScheduleHandle, count: number): Promise<readonly WorkflowHandle[]> {
  return vi.waitFor(
    async () => {
      const { recentActions } = (await handle.describe()).info;
      expect(recentActions.length).toBe(count);
      return recentActions.map(({ action: { workflow } }) =>
        worker.client.workflow.getHandle(workflow.workflowId, workflow.firstExecutionRunId),
      );
    },
    { timeout: 60_000, interval: 200 },
  );
}

async function startedRun(handle: ScheduleHandle): Promise<WorkflowHandle> {
  const [run] = await started(handle, 1);
  return run ?? expect.unreachable('it was started');
}

const results = async (runs: readonly WorkflowHandle[]): Promise<readonly { fecha: string }[]> =>
  Promise.all(runs.map(async (run) => run.result() as Promise<{ fecha: string }>));

const ending = async (run: WorkflowHandle): Promise<WorkflowFailedError> => {
  const error: unknown = await run.result().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  return error as WorkflowFailedError;
};

const nameOf = (handle: ScheduleHandle): string => handle.scheduleId;
const runOf = (dag: string, fecha: string): WorkflowHandle => worker.client.workflow.getHandle(`${dag}/${fecha}`);

describe('the date of a scheduled run', () => {
  it('is each date of the calendar once, over the days on which clocks are put forwards and back', async () => {
    worker.behave(NUMBERS);
    const handle = await schedule({ calendar: {} });
    await relive(
      handle,
      ['1995-04-01T00:00:00Z', '1995-04-04T00:00:00Z'],
      ['1995-10-28T00:00:00Z', '1995-10-31T00:00:00Z'],
    );
    const runs = await started(handle, 6);
    expect(runs.map(({ workflowId }) => workflowId)).toEqual(
      [
        '1995-04-01T11:00:00Z',
        '1995-04-02T10:00:00Z',
        '1995-04-03T10:00:00Z',
        '1995-10-28T10:00:00Z',
        '1995-10-29T11:00:00Z',
        '1995-10-30T11:00:00Z',
      ].map((moment) => `schedule:${nameOf(handle)}-${moment}`),
    );
    const fechas = ['1995-04-01', '1995-04-02', '1995-04-03', '1995-10-28', '1995-10-29', '1995-10-30'];
    expect((await results(runs)).map(({ fecha }) => fecha)).toEqual(fechas);
    const { searchAttributes } = await runOf('numbers', '1995-04-02').describe();
    expect(searchAttributes).toMatchObject({ Dag: ['numbers'], FechaModelo: ['1995-04-02'], RunKind: ['scheduled'] });
  });

  it('is the last of the month, also of February', async () => {
    worker.behave(NUMBERS);
    const handle = await schedule({ calendar: { dayOfMonth: ['last'] }, at: '23:30' });
    await relive(
      handle,
      ['2004-01-30T00:00:00Z', '2004-04-02T00:00:00Z'],
      ['2005-02-27T00:00:00Z', '2005-03-02T00:00:00Z'],
    );
    const fechas = (await results(await started(handle, 4))).map(({ fecha }) => fecha);
    expect(fechas).toEqual(['2004-01-31', '2004-02-29', '2004-03-31', '2005-02-28']);
  });

  it('has no jitter in it, even one that is longer than a day', async () => {
    worker.behave(NUMBERS);
    const handle = await schedule({ calendar: { dayOfMonth: [10, 20] }, jitter: '5 days' });
    await relive(handle, ['1994-01-01T00:00:00Z', '1994-03-01T00:00:00Z']);
    const fechas = (await results(await started(handle, 4))).map(({ fecha }) => fecha);
    expect(fechas).toEqual(['1994-01-10', '1994-01-20', '1994-02-10', '1994-02-20']);
  });

  it("is the calendar's latest where somebody triggers it in Temporal UI", async () => {
    worker.behave(NUMBERS);
    // None of these dates is to come before 2050.
    const handle = await schedule({ calendar: { month: ['february'], dayOfMonth: [29], dayOfWeek: ['thursday'] } });
    const year = new Date().getUTCFullYear();
    const last = [2024, 2052, 2080].findLast(
      (leap) => leap < year || (leap === year && Date.now() > Date.UTC(leap, 2, 1)),
    );
    await handle.trigger();
    const [summary] = await results(await started(handle, 1));
    expect(summary?.fecha).toBe(`${last}-02-29`);
  });
});

describe('a scheduled run', () => {
  it('hands on the parameters and the priority of its schedule, and says what started it', async () => {
    worker.behave(NUMBERS);
    const handle = await schedule({ calendar: {}, params: { start: 7 }, priority: 2 });
    await relive(handle, ['1993-06-01T00:00:00Z', '1993-06-02T00:00:00Z']);
    const run = await startedRun(handle);
    expect(await run.result()).toMatchObject({ fecha: '1993-06-01', outputs: { sum: 135 } });
    const child = runOf('numbers', '1993-06-01');
    const { events } = await child.fetchHistory();
    const input = events?.[0]?.workflowExecutionStartedEventAttributes;
    const payloads = input?.input?.payloads?.map(
      ({ data }) => JSON.parse(Buffer.from(data ?? []).toString()) as unknown,
    );
    expect(payloads).toEqual([
      { start: 7, fecha: '1993-06-01' },
      { origin: { kind: 'scheduled', schedule: nameOf(handle) }, priority: 2 },
    ]);
    expect(input?.priority?.priorityKey).toBe(2);
  });

  it('fails as its run fails, and pauses the schedule that wants it', async () => {
    worker.behave({
      ...NUMBERS,
      read: async () => {
        throw new Unusable('the file has no rows');
      },
    });
    const handle = await schedule({ calendar: {}, pauseOnFailure: true });
    await relive(handle, ['1992-06-01T00:00:00Z', '1992-06-02T00:00:00Z']);
    const run = await startedRun(handle);
    expect((await ending(run)).cause).toMatchObject({
      type: 'TaskFailed',
      message: 'read failed: Unusable: the file has no rows',
    });
    await vi.waitFor(async () => expect((await handle.describe()).state.paused).toBe(true), {
      timeout: 30_000,
      interval: 200,
    });
  });

  it('ends as cancelled where an operator cancels its run, and pauses nothing', async () => {
    worker.behave({ patient: async (_, context) => untilStopped(context), aside: async () => 'aside' });
    const handle = await schedule({ calendar: {}, dag: patientDag.id, pauseOnFailure: true });
    await relive(handle, ['1991-06-01T00:00:00Z', '1991-06-02T00:00:00Z']);
    const run = await startedRun(handle);
    const child = runOf('patient', '1991-06-01');
    await vi.waitFor(
      async () => {
        await child.executeUpdate('cancel', { args: [{ who: 'the test', why: 'it says so' }] });
      },
      { timeout: 30_000, interval: 200 },
    );
    expect((await ending(run)).cause).toBeInstanceOf(CancelledFailure);
    expect((await run.describe()).status.name).toBe('CANCELLED');
    // It is over for the schedule, too, which might pause itself by now.
    await vi.waitFor(async () => expect((await handle.describe()).info.runningActions).toEqual([]), {
      timeout: 30_000,
    });
    expect((await handle.describe()).state.paused).toBe(false);
  });

  it('that is cancelled cancels its run', async () => {
    worker.behave({ patient: async (_, context) => untilStopped(context), aside: async () => 'aside' });
    const handle = await schedule({ calendar: {}, dag: patientDag.id });
    await relive(handle, ['1991-07-01T00:00:00Z', '1991-07-02T00:00:00Z']);
    const run = await startedRun(handle);
    const child = runOf('patient', '1991-07-01');
    await vi.waitFor(async () => child.describe(), { timeout: 30_000, interval: 200 });
    await run.cancel();
    expect((await ending(run)).cause).toBeInstanceOf(CancelledFailure);
    expect((await child.describe()).status.name).toBe('CANCELLED');
  });

  it('follows the run of its date that somebody else started, and runs nothing itself', async () => {
    const go = gate();
    worker.behave({
      patient: async (_, context) => {
        await beating(context, go.opened);
        return 5;
      },
      after: async ({ before }) => before,
      aside: async () => 'aside',
    });
    const workflowId = 'patient/1990-06-01';
    const manual = await worker.start(patientDag, { start: 1, fecha: '1990-06-01' }, { workflowId });
    const handle = await schedule({ calendar: {}, dag: patientDag.id });
    await relive(handle, ['1990-06-01T00:00:00Z', '1990-06-02T00:00:00Z']);
    const run = await startedRun(handle);
    await vi.waitFor(
      async () => {
        const { raw } = await run.describe();
        expect(raw?.pendingActivities?.[0]?.activityType?.name).toBe('runEnd');
      },
      { timeout: 30_000, interval: 200 },
    );
    go.open();
    expect(await run.result()).toMatchObject({ fecha: '1990-06-01', outputs: { after: 5 } });
    expect((await worker.client.workflow.getHandle(workflowId).describe()).runId).toBe((await manual.describe()).runId);
  });

  it.each([
    [
      'a calendar without dates',
      { calendar: { month: ['february'], dayOfMonth: [30] } },
      'Expected a calendar with a date',
    ],
    ['a zone that does not exist', { timeZone: 'Marte/Olimpo' }, 'timeZone: Expected an IANA time zone'],
    ['a key too many', { what: 1 }, 'Unrecognized key: "what"'],
    [
      'neither a date nor a time',
      {},
      'Expected `fecha`, or the search attribute TemporalScheduledStartTime, got neither',
    ],
  ])('that is handed on %s fails and says so', async (_name, change, message) => {
    const request = {
      schedule: 'x',
      dag: 'numbers',
      calendar: {},
      at: '06:00',
      timeZone: 'UTC',
      params: {},
      ...change,
    };
    const run = await worker.client.workflow.start(SCHEDULED_RUN, {
      workflowId: `schedule:x-${randomUUID()}`,
      taskQueue: worker.taskQueue,
      args: [request],
      ...('month' in request.calendar
        ? { searchAttributes: { TemporalScheduledStartTime: [new Date('2026-01-01T00:00:00Z')] } }
        : {}),
    });
    const { cause } = await ending(run);
    expect(cause).toMatchObject({ type: 'BadParameters' });
    expect(cause?.message).toContain(message);
  });
});
