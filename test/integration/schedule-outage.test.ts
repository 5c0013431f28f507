// A schedule whose server is down when a date falls due.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { scheduleOptions } from '../../cli/planned-schedules.js';
import { startDevServer } from '../../infra/dev-server.js';
import { freePort } from '../../infra/free-port.js';
import type { Duration } from '../../dag/duration.js';
import { numbersDag, publishDag } from '../contract/contract-dags.js';
import { startContractWorker } from '../support/contract-worker.js';

vi.setConfig({ testTimeout: 240_000 });

const cli = inject('temporalCli') ?? '';

/** Time for the schedules to be made, and for the server to be killed, before the date falls due. */
const AHEAD_MS = 25_000;
/** A schedule that was made a moment ago begins to count when the server has worked on it first. */
const SETTLED_MS = 2_000;
/** So long the server stays down: past the smallest window that it knows, ten seconds, by more than a little. */
const DOWN_MS = 25_000;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe.skipIf(cli === '')('a date that fell due while the server was down', () => {
  it('is run when the server is back, within the window to catch up, and beyond it counted as missed', async () => {
    const home = await mkdtemp(join(tmpdir(), 'segmenta-outage-'));
    onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 3 }));
    const options = { home, cli, port: await freePort(), headless: true, log: () => undefined };
    const server = await startDevServer(options);
    onTestFinished(() => server.close());
    const before = await Connection.connect({ address: server.address });
    const schedules = new Client({ connection: before }).schedule;
    const taskQueue = `outage-${randomUUID()}`;

    // Due in some seconds, at a second of this minute that the configuration cannot say; of the date, it says the minute.
    const due = new Date(Math.ceil((Date.now() + AHEAD_MS) / 1_000) * 1_000);
    const fecha = due.toISOString().slice(0, 10);
    const timetable = { calendar: {}, at: due.toISOString().slice(11, 16), timeZone: 'UTC' };
    const once = [
      {
        year: due.getUTCFullYear(),
        dayOfMonth: due.getUTCDate(),
        hour: due.getUTCHours(),
        minute: due.getUTCMinutes(),
        second: due.getUTCSeconds(),
      },
    ];
    const create = async (dag: string, catchUp: Duration): Promise<string> => {
      const scheduleId = `${dag}-${randomUUID()}`;
      const request = { schedule: scheduleId, dag, ...timetable, params: { start: 1 } };
      const rest = { jitter: '0 seconds', overlap: 'bufferAll', pauseOnFailure: false } as const;
      const planned = scheduleOptions(request, taskQueue, { ...rest, catchUp });
      await schedules.create({ scheduleId, ...planned, spec: { calendars: once, timezone: 'UTC' } });
      return scheduleId;
    };
    const patient = await create(numbersDag.id, '1 hour');
    const hasty = await create(publishDag.id, '10 seconds');
    for (const scheduleId of [patient, hasty]) {
      const handle = schedules.getHandle(scheduleId);
      await vi.waitFor(async () => expect((await handle.describe()).info.nextActionTimes[0]).toEqual(due), 20_000);
    }
    await sleep(SETTLED_MS);
    await before.close();
    process.kill(server.pid, 'SIGKILL');
    await vi.waitFor(() => expect(isAlive(server.pid)).toBe(false), { timeout: 30_000, interval: 50 });
    expect(Date.now()).toBeLessThan(due.getTime());
    await sleep(due.getTime() + DOWN_MS - Date.now());

    const again = await startDevServer(options);
    onTestFinished(() => again.close());
    const worker = await startContractWorker({ address: again.address, taskQueue });
    onTestFinished(() => worker.close());
    worker.behave({
      read: async ({ start }) => ({ value: start, label: 'x' }),
      double: async ({ value }) => value * 2,
      triple: async ({ value }) => value * 3,
      sum: async ({ double, triple, bonus }) => double + triple + bonus,
      aside: async () => 'aside',
    });

    const { client } = worker;
    const infoOf = async (scheduleId: string) => (await client.schedule.getHandle(scheduleId).describe()).info;

    const action = await vi.waitFor(
      async () => {
        const [action] = (await infoOf(patient)).recentActions;
        if (action === undefined) throw new Error('Expected it to be run by now');
        return action;
      },
      { timeout: 60_000, interval: 250 },
    );
    expect(action.scheduledAt).toEqual(due);
    expect(action.takenAt.getTime()).toBeGreaterThanOrEqual(due.getTime() + DOWN_MS);
    expect(await client.workflow.getHandle(action.action.workflow.workflowId).result()).toMatchObject({ fecha });
    expect((await client.workflow.getHandle(`numbers/${fecha}`).describe()).status.name).toBe('COMPLETED');

    await vi.waitFor(async () => expect((await infoOf(hasty)).numActionsMissedCatchupWindow).toBe(1), {
      timeout: 60_000,
      interval: 250,
    });
    expect(await infoOf(hasty)).toMatchObject({ numActionsTaken: 0, recentActions: [] });
    expect(await infoOf(patient)).toMatchObject({ numActionsTaken: 1, numActionsMissedCatchupWindow: 0 });
  });
});
