// Whether the server hands tasks out by priority, seen on servers of their own: they differ in dynamic configuration.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, bundleWorkflowCode } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startDevServer } from '../../infra/dev-server.js';
import type { DevServerOptions } from '../../infra/dev-server.js';
import { priorityWarning, serverVersion } from '../../infra/priority-support.js';
import type { Mark } from '../support/priorities-workflow.js';

const cli = inject('temporalCli') ?? '';
const scratch = await mkdtemp(join(tmpdir(), 'segmenta-priorities-'));
const logger = new DefaultLogger('ERROR');
let code: string;

beforeAll(async () => {
  Runtime.install({ logger, shutdownSignals: [] });
  const workflowsPath = resolve('dist/test/support/priorities-workflow.js');
  ({ code } = await bundleWorkflowCode({ workflowsPath, logger }));
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

/** What a queue holds is told as it was some seconds ago; for as long would the tests wait. */
const FRESH_STATS = { 'matching.TaskQueueInfoByBuildIdTTL': '50ms' };

/** The last first, so that no other order could be taken for that of the priorities. */
const ENQUEUED = Array.from({ length: 6 }, () => [5, 4, null, 3, 2, 1] as const).flat();

/** What has no priority counts as 3. */
const DEFAULT_PRIORITY = 3;

interface Observed {
  /** The priorities of the activities, in the order in which they ran. */
  readonly ran: readonly number[];
  /** What waited before there was a worker, by priority as the server sees it. */
  readonly waited: { readonly [priority: string]: number };
}

/** Fills a queue that nobody serves, then lets one worker run what is on it, one activity at a time. */
async function observe(dynamicConfig: NonNullable<DevServerOptions['dynamicConfig']>): Promise<Observed> {
  const home = await mkdtemp(join(scratch, 'home-'));
  const server = await startDevServer({
    home,
    cli,
    headless: true,
    log: () => undefined,
    dynamicConfig: { ...FRESH_STATS, ...dynamicConfig },
  });
  const [forClient, connection] = await Promise.all([
    Connection.connect({ address: server.address }),
    NativeConnection.connect({ address: server.address }),
  ]);
  try {
    const handle = await new Client({ connection: forClient }).workflow.start('enqueue', {
      workflowId: 'enqueue',
      taskQueue: 'runs',
      args: ['tasks', ENQUEUED],
    });
    const runs = await Worker.create({ connection, taskQueue: 'runs', workflowBundle: { code } });
    return await runs.runUntil(async () => {
      const waited = await whenAllWait(forClient);
      const ran: number[] = [];
      const mark: Mark = async (priority) => void ran.push(priority ?? DEFAULT_PRIORITY);
      const tasks = await Worker.create({
        connection,
        taskQueue: 'tasks',
        activities: { mark },
        // A worker asks for a task only when it has room for one: no task is fetched before the one it follows has run.
        maxConcurrentActivityTaskExecutions: 1,
        maxConcurrentActivityTaskPolls: 1,
      });
      await tasks.runUntil(handle.result());
      return { ran, waited };
    });
  } finally {
    await Promise.all([forClient.close(), connection.close()]);
    await server.close();
  }
}

async function whenAllWait({ workflowService }: Connection): Promise<Observed['waited']> {
  let waited: (readonly [string, number])[] = [];
  await expect
    .poll(
      async () => {
        const { stats, statsByPriorityKey } = await workflowService.describeTaskQueue({
          namespace: 'default',
          taskQueue: { name: 'tasks' },
          // temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
          taskQueueType: 2,
          reportStats: true,
        });
        const counts = Object.entries(statsByPriorityKey).map(
          ([key, { approximateBacklogCount }]) => [key, Number(approximateBacklogCount ?? 0)] as const,
        );
        waited = counts.filter(([, count]) => count > 0);
        return Number(stats?.approximateBacklogCount ?? 0);
      },
      { timeout: 60_000 },
    )
    .toBe(ENQUEUED.length);
  return Object.fromEntries(waited);
}

const inOrder = ENQUEUED.map((priority) => priority ?? DEFAULT_PRIORITY).toSorted((a, b) => a - b);

describe.skipIf(cli === '')('activities that wait on one queue', () => {
  it('run by priority on the server that we start, those without one as if it were 3', async () => {
    const { ran, waited } = await observe({});
    expect(waited).toEqual({ 1: 6, 2: 6, 3: 12, 4: 6, 5: 6 });
    expect(ran).toEqual(inOrder);
  });

  // What the configuration of the dev server is for: servers before 1.31 are like this by default, and say nothing.
  it('run in another order where the server does not use its matcher of priorities', async () => {
    const { ran, waited } = await observe({ 'matching.useNewMatcher': false });
    expect(waited).toEqual({ 3: ENQUEUED.length });
    expect(ran.toSorted((a, b) => a - b)).toEqual(inOrder);
    expect(ran).not.toEqual(inOrder);
  });
});

describe('the server of these tests', () => {
  it('tells its version, of which there is nothing to warn', async () => {
    const connection = await Connection.connect({ address: inject('temporalAddress') });
    const version = await serverVersion(connection);
    await connection.close();
    expect(version).toMatch(/^1\.\d+\.\d+/);
    if (cli !== '') expect(priorityWarning(version)).toBeUndefined();
  });
});
