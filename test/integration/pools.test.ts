// Pools over all runs of a server.
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { planRun } from '../../dag/run-plan.js';
import { startDevServer } from '../../infra/dev-server.js';
import { poolId, poolQuery } from '../../workflows/pool-signals.js';
import type { PoolState } from '../../workflows/pool-signals.js';
import { progressQuery } from '../../workflows/run-dag.js';
import { NARROW, poolDag } from '../contract/contract-dags.js';
import { beating, counted, gate, pause, untilReached, untilStopped } from '../contract/contract-run.js';
import { actOn, settled, startContractWorker } from '../support/contract-worker.js';
import type { ContractWorker } from '../support/contract-worker.js';

let worker: ContractWorker;

beforeAll(async () => {
  worker = await startContractWorker({ address: inject('temporalAddress') });
});

afterAll(async () => {
  // The pool belongs to the server: its next worker is another test's.
  await ofPool(worker)
    .terminate('the test is over')
    .catch(() => undefined);
  await worker.close();
});

const ofPool = ({ client, taskQueue }: ContractWorker): WorkflowHandle =>
  client.workflow.getHandle(poolId(taskQueue, 'narrow'));
const poolState = async (): Promise<PoolState> => ofPool(worker).query(poolQuery);
const only = (...places: number[]) => planRun(poolDag, { select: new Set(places.map((place) => `narrow${place}`)) });
const stateOf = async (handle: WorkflowHandle, task: string): Promise<string | undefined> =>
  (await handle.query(progressQuery)).tasks[task]?.state;

describe('a pool', () => {
  it('admits no more tasks of all runs at once than it has slots', async () => {
    const { behaviour, attempts, mostAtWork } = counted({
      narrow: async ({ place }, context) => {
        await untilReached(mostAtWork, NARROW, context);
        return place;
      },
    });
    worker.behave(behaviour);
    const runs = await Promise.all([1, 2, 3].map(async (start) => worker.start(poolDag, { start })));
    for (const run of runs) expect((await settled(run)).outcome).toBe('success');
    // The same work in three runs is done once where the first has ended, so not all of it need be done again.
    expect(attempts['narrow']).toBeGreaterThanOrEqual(6);
    expect(mostAtWork()).toBe(NARROW);
    await expect.poll(poolState, { timeout: 30_000 }).toMatchObject({ holders: [], waiting: [] });
  });

  it('gives slots by priority, then in the order of asking; who is called off leaves the queue', async () => {
    const [first, second] = [gate(), gate()];
    const order: string[] = [];
    worker.behave({
      narrow: async ({ place }, context) => {
        order.push(`narrow${place}`);
        if (place === 1) await beating(context, first.opened);
        if (place === 2) await beating(context, second.opened);
        return place;
      },
    });
    const holders = await worker.start(poolDag, { start: 1 }, { plan: only(1, 2) });
    await expect.poll(poolState, { timeout: 30_000 }).toMatchObject({ holders: [{}, {}], waiting: [] });
    const waitFor = async (place: number, priority: 1 | 2 | 3 | 4 | 5): Promise<WorkflowHandle> => {
      const before = (await poolState()).waiting.length;
      const run = await worker.start(poolDag, { start: 1 }, { plan: { ...only(place), priority } });
      await expect.poll(async () => (await poolState()).waiting.length, { timeout: 30_000 }).toBe(before + 1);
      return run;
    };
    const runs = [await waitFor(3, 5), await waitFor(4, 3), await waitFor(5, 3), await waitFor(6, 1)];
    expect(await stateOf(runs[1] ?? holders, 'narrow4')).toBe('queued');
    // Narrow4 would come second.
    expect(await actOn(runs[1] ?? holders, { do: 'skip', task: 'narrow4' })).toBeUndefined();
    await expect.poll(async () => (await poolState()).waiting.length, { timeout: 30_000 }).toBe(3);
    // One slot alone comes free: who gets it, one after the other, is the order.
    first.open();
    for (const run of runs) expect((await settled(run)).outcome).toBe('success');
    second.open();
    expect((await settled(holders)).outcome).toBe('success');
    expect(order.slice(NARROW)).toEqual(['narrow6', 'narrow5', 'narrow3']);
  });

  it('takes back the slot of a run that was terminated while it held one', async () => {
    worker.behave({ narrow: async ({ place }, context) => (place <= NARROW ? untilStopped(context) : place) });
    const holders = await worker.start(poolDag, { start: 1 }, { plan: only(1, 2) });
    await expect.poll(poolState, { timeout: 30_000 }).toMatchObject({ holders: [{}, {}] });
    const waiting = await worker.start(poolDag, { start: 1 }, { plan: only(3) });
    await expect.poll(async () => stateOf(waiting, 'narrow3'), { timeout: 30_000 }).toBe('queued');
    await holders.terminate('by the test');
    expect((await settled(waiting)).outcome).toBe('success');
    await expect.poll(poolState, { timeout: 30_000 }).toMatchObject({ holders: [], waiting: [] });
  });

  it('passes over a waiting run that was terminated', async () => {
    const first = gate();
    worker.behave({
      narrow: async ({ place }, context) => {
        if (place <= NARROW) await beating(context, first.opened);
        return place;
      },
    });
    const holders = await worker.start(poolDag, { start: 1 }, { plan: only(1, 2) });
    await expect.poll(poolState, { timeout: 30_000 }).toMatchObject({ holders: [{}, {}] });
    const gone = await worker.start(poolDag, { start: 1 }, { plan: only(3) });
    await expect.poll(async () => (await poolState()).waiting.length, { timeout: 30_000 }).toBe(1);
    await gone.terminate('by the test');
    const next = await worker.start(poolDag, { start: 1 }, { plan: only(4) });
    await expect.poll(async () => (await poolState()).waiting.length, { timeout: 30_000 }).toBe(2);
    first.open();
    expect((await settled(holders)).outcome).toBe('success');
    expect((await settled(next)).outcome).toBe('success');
    await expect.poll(poolState, { timeout: 30_000 }).toMatchObject({ holders: [], waiting: [] });
  });

  it('gives the slots of cancelled runs back', async () => {
    worker.behave({ narrow: async (_, context) => untilStopped(context) });
    const run = await worker.start(poolDag, { start: 1 });
    await expect.poll(poolState, { timeout: 30_000 }).toMatchObject({ holders: [{}, {}], waiting: [{}, {}, {}, {}] });
    await run.cancel();
    expect((await settled(run)).outcome).toBe('cancelled');
    await expect.poll(poolState, { timeout: 30_000 }).toMatchObject({ holders: [], waiting: [] });
  });
});

const cli = inject('temporalCli');

describe.skipIf(cli === null)('the workflow of a pool', () => {
  it('goes on as a new one when its history is long, with who holds and who waits, and ends when it is idle', async () => {
    const home = await mkdtemp(join(tmpdir(), 'segmenta-pools-'));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const server = await startDevServer({
      home,
      cli: cli ?? '',
      headless: true,
      log: () => undefined,
      dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 60 },
    });
    onTestFinished(() => server.close());
    const worker = await startContractWorker({ address: server.address });
    onTestFinished(() => worker.close());
    const { behaviour, mostAtWork } = counted({
      narrow: async ({ place }, context) => {
        await beating(context, pause(50));
        return place;
      },
    });
    worker.behave(behaviour);
    const runs = await Promise.all([1, 2, 3, 4].map(async (start) => worker.start(poolDag, { start })));
    for (const run of runs) expect((await settled(run)).outcome).toBe('success');
    expect(mostAtWork()).toBeLessThanOrEqual(NARROW);
    const statuses = async (): Promise<string[]> => {
      const found: string[] = [];
      const query = `WorkflowId = '${poolId(worker.taskQueue, 'narrow')}'`;
      for await (const { status } of worker.client.workflow.list({ query })) found.push(status.name);
      return found.toSorted();
    };
    await expect.poll(statuses, { timeout: 30_000 }).toContain('CONTINUED_AS_NEW');
    // A minute after the last slot came back.
    await expect.poll(statuses, { timeout: 90_000, interval: 1_000 }).not.toContain('RUNNING');
    expect(await statuses()).toContain('COMPLETED');
    expect(await statuses()).not.toContain('FAILED');
    worker.behave(behaviour);
    expect((await settled(await worker.start(poolDag, { start: 5 }))).outcome).toBe('success');
  });
});
