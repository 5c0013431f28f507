// Forty weeks of real purchases, while everything that computes them is killed, and gc goes on beside it.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { requestedBackfill } from '../../cli/backfill-request.js';
import { runLocal } from '../../cli/run-local.js';
import { startBackfill } from '../../cli/temporal-backfill.js';
import { connectTemporal } from '../../cli/temporal-client.js';
import type { TemporalClient } from '../../cli/temporal-client.js';
import { countDates } from '../../dag/backfill-state.js';
import type { BackfillState } from '../../dag/backfill-state.js';
import type { BackfillPlan } from '../../dag/backfill-plan.js';
import { startDevServer } from '../../infra/dev-server.js';
import type { DevServer } from '../../infra/dev-server.js';
import { freePort } from '../../infra/free-port.js';
import { readTable } from '../../lake/delta-log.js';
import { PUBLISHED_TABLES } from '../../lake/published-tables.js';
import { backfillQuery } from '../../workflows/backfill.js';
import { backfillWorkflowId } from '../../workflows/backfill-signals.js';
import { segmentationDag } from '../../workflows/segmentation-dag.js';
import { expectRecordsWhole, expectTablesWhole, gcLoop } from '../support/gc-loop.js';
import { query, realData } from '../support/run-segmentation.js';
import { killWorkers } from '../support/spawn-worker.js';
import type { SpawnedWorker } from '../support/spawn-worker.js';
import { lakeDigests, openTrial } from '../support/trial.js';
import type { Trial, TrialGround } from '../support/trial.js';

vi.setConfig({ testTimeout: 900_000, hookTimeout: 120_000 });

const data = await realData('completejourney');
const cli = inject('temporalCli') ?? '';

const WEEKS = { from: '2017-03-06', to: '2017-12-04', every: 'week', only: 'all', maxRuns: '4', param: [] } as const;
/** From here on the rows come late: the last date alone sees them. */
const LATE_FROM = '2017-11-27';
const DATES = 40;
/** One household in so many: the machine of a test has little time. */
const SHARE = 12;

const folder = await mkdtemp(join(tmpdir(), 'segmenta-backfill-'));
const port = await freePort();
const address = `127.0.0.1:${port}`;
let server: DevServer | undefined;
let connection: Connection | undefined;
let ground: TrialGround;

const startServer = async (): Promise<DevServer> =>
  startDevServer({ home: join(folder, 'server'), cli, port, headless: true, log: () => undefined });

/** Purchases of some households, dated as the condition says, as a file of the source. */
async function writePurchases(name: string, condition: string): Promise<void> {
  const file = join(folder, 'data', `${name}.parquet`);
  await query(`copy (
    select * from read_parquet('${data ?? ''}/transactions.parquet')
    where hash(household_id) % ${SHARE} = 0 and ${condition}
  ) to '${file}' (format parquet)`);
}

beforeAll(async () => {
  if (data === undefined || cli === '') return;
  await mkdir(join(folder, 'data'));
  await writePurchases('transactions-1', `transaction_timestamp < timestamp '${LATE_FROM}'`);
  server = await startServer();
  connection = await Connection.connect({ address });
  ground = {
    client: new Client({ connection }),
    address,
    folder,
    lakes: pathToFileURL(join(folder, 'lakes')).href,
    env: {},
    transactions: '',
    configuration: stringify({
      sources: {
        completejourney: {
          files: {
            transactions: { path: join(folder, 'data', 'transactions-*.parquet') },
            products: { path: join(data, 'products.parquet') },
          },
          events: 'transactions',
          select: `select household_id as dni, transaction_timestamp as fecha, department as rubro, sales_value as monto,
                          store_id as ubicacion, product_id as producto
                   from transactions left join products using (product_id)`,
          positiveAmounts: true,
        },
      },
      dags: { segmentation: { window: 60, k: '2..3', restarts: 1 } },
    }),
  };
});

afterAll(async () => {
  killWorkers();
  await connection?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

const ID = 'segmentation/2017';

async function connected<Result>(trial: Trial, work: (temporal: TemporalClient) => Promise<Result>): Promise<Result> {
  const temporal = await connectTemporal(trial.config);
  try {
    return await work(temporal);
  } finally {
    await temporal.close();
  }
}

const planOf = async (trial: Trial): Promise<BackfillPlan> =>
  requestedBackfill(trial.config, trial.lake, segmentationDag, WEEKS);

const stateOf = async ({ client }: TemporalClient): Promise<BackfillState> =>
  client.workflow.getHandle(backfillWorkflowId(ID)).query(backfillQuery);

/** How many tasks were computed, of how many dates: `[[1, 39], [7, 1]]`. */
function computedIn({ dates }: BackfillState): readonly (readonly [tasks: number, dates: number])[] {
  const counts = new Map<number, number>();
  for (const { computed = 0 } of Object.values(dates)) counts.set(computed, (counts.get(computed) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => a - b);
}

/** Runs the backfill to its end. */
const backfillAgain = async (trial: Trial): Promise<BackfillState> =>
  connected(trial, async (temporal) => {
    await (await startBackfill(temporal, segmentationDag, ID, await planOf(trial))).result();
    return stateOf(temporal);
  });

/** Waits, whoever has to answer comes back, until so many dates have ended. */
async function untilEnded(trial: Trial, count: number): Promise<void> {
  await connected(trial, async (temporal) => {
    const ended = async (): Promise<number> => {
      const { success, cached, failed } = await stateOf(temporal).then(countDates);
      return success + cached + failed;
    };
    await vi.waitFor(async () => expect(await ended()).toBeGreaterThanOrEqual(count), {
      timeout: 300_000,
      interval: 500,
    });
  });
}

async function spawned(trial: Trial): Promise<SpawnedWorker> {
  const worker = trial.spawn();
  await worker.ready;
  return worker;
}

async function killed(worker: SpawnedWorker): Promise<void> {
  worker.kill('SIGKILL');
  expect(await worker.ended).toBe('SIGKILL');
}

async function restartServer(): Promise<void> {
  if (server === undefined) throw new RangeError('Expected a server that runs, got none');
  process.kill(server.pid, 'SIGKILL');
  await server.close();
  server = await startServer();
}

/** What readers of the tables and the exports get. */
async function publishedFiles(trial: Trial): Promise<{ readonly [key: string]: string }> {
  const digests = Object.entries(await lakeDigests(trial.lake));
  const prefixes = ['exports/', ...PUBLISHED_TABLES.map(({ name }) => `${name}/`)];
  return Object.fromEntries(digests.filter(([key]) => prefixes.some((prefix) => key.startsWith(prefix))));
}

const versions = async (trial: Trial): Promise<readonly (readonly [version: number, partitions: number])[]> =>
  Promise.all(
    PUBLISHED_TABLES.map(async ({ name }) => {
      const { version, files } = await readTable(trial.lake, name);
      return [version, files.length] as const;
    }),
  );

it.skipIf(data === undefined || cli === '')(
  'publishes what single runs on a quiet system publish, and nothing twice',
  async () => {
    const started = Date.now();
    const say = (what: string): void => console.log(`${((Date.now() - started) / 1_000).toFixed(0)} s: ${what}`);
    const trial = await openTrial(ground);
    const first = await spawned(trial);
    const second = await spawned(trial);
    const plan = await planOf(trial);
    expect(plan.dates).toHaveLength(DATES);
    await connected(trial, async (temporal) => startBackfill(temporal, segmentationDag, ID, plan));

    await untilEnded(trial, 6);
    await killed(first);
    say('one of two workers killed');
    const third = await spawned(trial);
    await untilEnded(trial, 14);
    await restartServer();
    say('the server killed and started again');
    await untilEnded(trial, 24);
    await killed(second);
    say('the other worker killed');
    const fourth = await spawned(trial);
    const [summary, state] = await connected(trial, async (temporal) => {
      const handle = temporal.client.workflow.getHandle(backfillWorkflowId(ID));
      return [await handle.result(), await stateOf(temporal)] as const;
    });
    say('the backfill has ended');
    expect(summary).toMatchObject({ dates: `${DATES} dates: ${DATES} success` });
    expect(await versions(trial)).toEqual(PUBLISHED_TABLES.map(() => [DATES - 1, DATES]));

    // Single runs in a lake of their own.
    const quiet = await openTrial(ground);
    for (const fecha of plan.dates) {
      const asked = {
        dag: segmentationDag,
        run: `segmentation/${fecha}`,
        params: { ...plan.params, fecha },
        plan: plan.run,
      };
      const { outcome } = await runLocal(quiet.config, {
        ...asked,
        signal: new AbortController().signal,
        onChange: () => {},
      });
      expect(outcome).toBe('success');
    }
    say('single runs have ended');
    expect(await publishedFiles(trial)).toEqual(await publishedFiles(quiet));

    // What all the runs so far made is within the retention: gc, again and again, takes none of it.
    const gc = gcLoop(trial.lake);
    const again = await backfillAgain(trial);
    say('the second backfill has ended');
    expect(countDates(again)).toMatchObject({ cached: DATES, success: 0 });
    expect(await versions(trial)).toEqual(PUBLISHED_TABLES.map(() => [DATES - 1, DATES]));

    await writePurchases('transactions-2', `transaction_timestamp >= timestamp '${LATE_FROM}'`);
    const late = await backfillAgain(trial);
    say(`after late rows, tasks computed and dates: ${JSON.stringify(computedIn(late))}`);
    const tasksOfFirst = Math.max(...computedIn(state).map(([tasks]) => tasks));
    // All dates look into the file; what they saw is what they had seen, but for the last one.
    expect(computedIn(late)).toEqual([
      [1, DATES - 1],
      [tasksOfFirst, 1],
    ]);
    expect(late.dates[WEEKS.to]?.computed).toBe(tasksOfFirst);
    for (const [version, partitions] of await versions(trial)) expect([version, partitions]).toEqual([DATES, DATES]);
    const { rounds } = await gc.stop();
    const whole = [await expectRecordsWhole(trial.lake), await expectTablesWhole(trial.lake)];
    say(`after ${rounds} times gc: ${whole[0]} artifacts and ${whole[1]} partitions are whole`);

    // Now it takes what is a second old and that nothing needs, while a backfill looks for just that.
    const published = await publishedFiles(trial);
    const greedy = gcLoop(trial.lake, { runsMs: 1_000 });
    const beside = countDates(await backfillAgain(trial));
    const taken = await greedy.stop();
    say(`beside a gc that took ${taken.artifacts} artifacts: ${JSON.stringify(beside)}`);
    expect(taken.artifacts).toBeGreaterThan(0);
    expect(beside.success + beside.cached).toBe(DATES);
    expect(await publishedFiles(trial)).toEqual(published);
    expect(await expectTablesWhole(trial.lake)).toBe(whole[1]);
    for (const worker of [third, fourth]) worker.kill('SIGTERM');
    await Promise.all([third.ended, fourth.ended]);
  },
);
