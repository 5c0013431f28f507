import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { writeDemoData } from '../../demo/write-demo-data.js';
import { startDevServer } from '../../infra/dev-server.js';
import { freePort } from '../../infra/free-port.js';
import { readTable } from '../../lake/delta-log.js';
import { CLIENTES_SEGMENTADOS } from '../../lake/published-tables.js';
import type { Crash } from '../support/crash.js';
import { CRASHING_WORKER, ENDLESS_WORKER, killWorkers, spawnWorker, WORKER } from '../support/spawn-worker.js';
import { openTrial } from '../support/trial.js';
import type { TrialGround } from '../support/trial.js';

vi.setConfig({ testTimeout: 240_000 });

const FECHA = '2026-11-30';
const folder = await mkdtemp(join(tmpdir(), 'segmenta-stopped-'));
let connection: Connection;
let ground: TrialGround;

beforeAll(async () => {
  const address = inject('temporalAddress');
  connection = await Connection.connect({ address });
  await writeDemoData(join(folder, 'data'), { seed: 7, customers: 120, from: '2026-03-01', to: FECHA });
  ground = {
    client: new Client({ connection }),
    address,
    folder,
    lakes: pathToFileURL(join(folder, 'lakes')).href,
    env: {},
    transactions: join(folder, 'data', 'transacciones-*.csv'),
  };
});

afterAll(async () => {
  killWorkers();
  await connection.close();
  await rm(folder, { recursive: true, force: true });
});

/** An endless fit takes what it gets: the tests that run beside it need the other core. */
const ONE_THREAD = { SEGMENTA_THREADS: '1' };

type Run = Awaited<ReturnType<Awaited<ReturnType<typeof openTrial>>['run']>>;

const pendingTasks = async (run: Run) => (await run.describe()).raw.pendingActivities ?? [];

/** `expect.poll` belongs to one test at a time; these run side by side. */
const eventually = async (check: () => Promise<void> | void): Promise<void> =>
  vi.waitFor(check, { timeout: 60_000, interval: 50 });

/** Waits until the task has sent a heartbeat. */
const beating = async (run: Run, task: string): Promise<void> =>
  eventually(async () => {
    expect((await pendingTasks(run)).find(({ activityId }) => activityId === task)?.heartbeatDetails).toBeTruthy();
  });

/** When the task's first attempt has last sent a heartbeat, as the server saw it. */
async function lastBeat(run: Run, task: string): Promise<string> {
  const pending = (await pendingTasks(run)).find(({ activityId }) => activityId === task);
  expect(pending?.attempt).toBe(1);
  return String(pending?.lastHeartbeatTime?.seconds);
}

/** How the last attempt of a task before the one that succeeded ended. */
async function failureBefore(run: Run, task: string): Promise<{ attempt: number; failure: string }> {
  const { events } = await run.fetchHistory();
  const scheduled = events?.find((event) => event.activityTaskScheduledEventAttributes?.activityId === task)?.eventId;
  const started = events
    ?.map((event) => event.activityTaskStartedEventAttributes)
    .find((event) => event && String(event.scheduledEventId) === String(scheduled));
  return { attempt: started?.attempt ?? 0, failure: started?.lastFailure?.message ?? '' };
}

const versionOf = async (trial: Awaited<ReturnType<typeof openTrial>>): Promise<number> =>
  (await readTable(trial.lake, CLIENTES_SEGMENTADOS.name)).version;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe.concurrent('a worker', () => {
  it('is replaced by a new process after a SIGKILL, while another one on the same home goes on', async () => {
    const trial = await openTrial(ground);
    const killed = trial.spawn(ENDLESS_WORKER, ONE_THREAD);
    await killed.ready;
    const run = await trial.run(FECHA);
    await beating(run, 'fitClusters');
    const scratch = join(trial.config.home, 'cache', 'scratch');
    expect(await readdir(scratch)).not.toEqual([]);
    const other = trial.spawn();
    await other.ready;
    // A worker that starts takes nothing from one that lives.
    expect(await readdir(scratch)).not.toEqual([]);
    killed.kill('SIGKILL');
    expect(await killed.ended).toBe('SIGKILL');
    const replacement = trial.spawn();
    await replacement.ready;
    await run.result();
    expect(await readdir(scratch)).toEqual([]);
    expect(await versionOf(trial)).toBe(0);
    for (const worker of [other, replacement]) worker.kill('SIGTERM');
    expect(await Promise.all([other.ended, replacement.ended])).toEqual([0, 0]);
  });

  it('hands its task over on SIGTERM, and ends with status 0', async () => {
    const trial = await openTrial(ground);
    const leaving = trial.spawn(ENDLESS_WORKER, ONE_THREAD);
    await leaving.ready;
    const run = await trial.run(FECHA);
    await beating(run, 'fitClusters');
    const staying = trial.spawn();
    await staying.ready;
    leaving.kill('SIGTERM');
    expect(await leaving.ended).toBe(0);
    await run.result();
    const { attempt, failure } = await failureBefore(run, 'fitClusters');
    expect(attempt).toBe(2);
    // Told, not found out by a timeout.
    expect(failure).toContain('Worker is shutting down');
    expect(await readdir(join(trial.config.home, 'cache', 'scratch'))).toEqual([]);
    staying.kill('SIGTERM');
    expect(await staying.ended).toBe(0);
  });

  it('goes on sending heartbeats while a kernel runs, stops them when the run is cancelled, and does the next one', async () => {
    const trial = await openTrial(ground);
    const worker = trial.spawn(ENDLESS_WORKER, ONE_THREAD);
    await worker.ready;
    const run = await trial.run(FECHA);
    await beating(run, 'fitClusters');
    const beats = new Set<string>();
    await eventually(async () => {
      expect(beats.add(await lastBeat(run, 'fitClusters')).size).toBeGreaterThanOrEqual(3);
    });
    await run.cancel();
    const ending: unknown = await run.result().catch((error: unknown) => error);
    expect(ending).toBeInstanceOf(WorkflowFailedError);
    expect((ending as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
    expect(await pendingTasks(run)).toEqual([]);
    expect(await readdir(join(trial.config.home, 'cache', 'scratch'))).toEqual([]);
    expect(await versionOf(trial)).toBe(-1);
    const next = await trial.run(FECHA);
    await next.result();
    expect(await versionOf(trial)).toBe(0);
    worker.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
  });

  it('ends at once on a second SIGINT', async () => {
    const trial = await openTrial(ground);
    const worker = trial.spawn();
    await worker.ready;
    const run = await trial.run(FECHA, 'restarts=1000', 'k=2..30');
    await beating(run, 'fitClusters');
    worker.kill('SIGINT');
    await eventually(() => expect(worker.said()).toContain('worker stopping'));
    worker.kill('SIGINT');
    expect(await worker.ended).toBe(130);
    await run.terminate();
  });

  it('ends with status 1 and says what it expected where no Temporal server is', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const trial = await openTrial({ ...ground, address });
    const worker = trial.spawn();
    expect(await worker.ended).toBe(1);
    expect(worker.said()).toMatch(`Expected a Temporal server at ${address}, got none`);
    expect(worker.said()).not.toContain('worker ready');
  });

  it('ends with status 1 and names the file where there is no configuration', async () => {
    const worker = spawnWorker(WORKER, join(folder, 'none.yaml'), process.env);
    expect(await worker.ended).toBe(1);
    expect(worker.said()).toContain(join(folder, 'none.yaml'));
  });
});

const cli = inject('temporalCli') ?? '';

describe.skipIf(cli === '')('a Temporal server that is killed and started again on its file', () => {
  it('has the run that was under way finished, with a result that came meanwhile', async () => {
    const home = join(folder, 'server');
    const port = await freePort();
    const options = { home, cli, port, headless: true, log: () => undefined };
    const server = await startDevServer(options);
    const first = await Connection.connect({ address: server.address });
    const client = new Client({ connection: first });
    const trial = await openTrial({ ...ground, client, address: server.address });
    const crash: Crash = {
      at: { kind: 'task', when: 'before', task: 'fitClusters' },
      marker: join(trial.config.home, 'there'),
      until: join(trial.config.home, 'go-on'),
    };
    const worker = trial.spawn(CRASHING_WORKER, { SEGMENTA_TEST_CRASH: JSON.stringify(crash) });
    await worker.ready;
    const { workflowId } = await trial.run(FECHA);
    await eventually(async () => expect(await readdir(trial.config.home)).toContain('there'));
    process.kill(server.pid, 'SIGKILL');
    await eventually(() => expect(isAlive(server.pid)).toBe(false));
    await first.close();
    await writeFile(crash.until ?? '', '');
    // Time for the task to end with nobody to tell.
    await sleep(3_000);
    const again = await startDevServer(options);
    const second = await Connection.connect({ address: again.address });
    try {
      const summary = await new Client({ connection: second }).workflow.getHandle(workflowId).result();
      expect(summary).toMatchObject({ fecha: FECHA });
      expect(await versionOf(trial)).toBe(0);
      worker.kill('SIGTERM');
      expect(await worker.ended).toBe(0);
    } finally {
      await second.close();
      await again.close();
      await server.close();
    }
  });
});
