// Whether a run of the ordinary priority goes before the dates of a backfill, where tasks wait for a worker.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { datesOf } from '../../dag/date-range.js';
import { startDevServer } from '../../infra/dev-server.js';
import type { DevServer } from '../../infra/dev-server.js';
import { visitDag } from '../contract/contract-dags.js';
import { beating, gate } from '../contract/contract-run.js';
import { startBackfill, untilDates } from '../support/backfill-run.js';
import { startContractWorker } from '../support/contract-worker.js';
import type { ContractWorker } from '../support/contract-worker.js';

const cli = inject('temporalCli') ?? '';

const home = await mkdtemp(join(tmpdir(), 'segmenta-backfill-priority-'));
let server: DevServer;
let worker: ContractWorker;

beforeAll(async () => {
  if (cli === '') return;
  server = await startDevServer({ home, cli, headless: true, log: () => undefined });
  worker = await startContractWorker({ address: server.address, slots: 1 });
});

afterAll(async () => {
  await worker?.close();
  await server?.close();
  await rm(home, { recursive: true, force: true });
});

describe.skipIf(cli === '')('a run that falls due in the middle of a backfill', () => {
  it('starts next', async () => {
    const dates = datesOf({ from: '2020-01-06', to: '2020-03-09', every: { count: 1, unit: 'week' } });
    const scheduled = '2024-01-01';
    const gates = new Map(dates.map((fecha) => [fecha, gate()]));
    const visited: string[] = [];
    worker.behave({
      visit: async ({ fecha = '' }, context) => {
        visited.push(fecha);
        await beating(context, gates.get(fecha)?.opened ?? Promise.resolve());
        return fecha;
      },
    });
    const backfill = await startBackfill(worker, 'below', dates, { maxRuns: 6 });
    const started = dates.slice(0, 6);
    await untilDates(backfill, 'running', started);
    // One is at work, the tasks of the others wait for the worker.
    await expect.poll(async () => waiting(started), { timeout: 60_000 }).toBe(5);
    const run = await worker.client.workflow.start(visitDag.id, {
      workflowId: `visit/${scheduled}`,
      taskQueue: worker.taskQueue,
      args: [{ start: 1, fecha: scheduled }, { origin: { kind: 'scheduled', schedule: 'weekly' } }],
    });
    await expect.poll(async () => waiting([...started, scheduled]), { timeout: 60_000 }).toBe(6);
    for (const { open } of gates.values()) open();
    await run.result();
    await backfill.result();
    expect(visited).toHaveLength(dates.length + 1);
    // The worker may have asked for one task more before.
    expect(visited.slice(0, 3)).toContain(scheduled);
  });
});

/** How many tasks of these dates' runs wait for a worker. */
async function waiting(fechas: readonly string[]): Promise<number> {
  const counts = fechas.map(async (fecha) => {
    const { raw } = await worker.client.workflow.getHandle(`${visitDag.id}/${fecha}`).describe();
    // temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
    return (raw.pendingActivities ?? []).filter(({ state }) => Number(state) === 1).length;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}
