// `segmenta backfill` as people type it, with a worker and a small source.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { killWorkers, spawnWorker, WORKER } from '../support/spawn-worker.js';

// Every command is a process of its own.
vi.setConfig({ testTimeout: 280_000, hookTimeout: 120_000 });

const folder = await mkdtemp(join(tmpdir(), 'segmenta-backfill-cli-'));
const env = {
  ...process.env,
  TEMPORAL_ADDRESS: inject('temporalAddress'),
  TEMPORAL_TASK_QUEUE: `backfill-cli-${randomUUID()}`,
  SEGMENTA_HOME: join(folder, 'home'),
  SEGMENTA_THREADS: '1',
};
const file = join(folder, 'segmenta.yaml');

/** Twenty customers who buy in one of two rubros, every third day of three months. */
function sales(): string {
  const rows = Array.from({ length: 600 }, (_, i) => {
    const day = new Date(Date.UTC(2031, 0, 1 + 3 * Math.floor(i / 20))).toISOString().slice(0, 10);
    return `${i % 20},${day},${i % 2 === 0 ? 'farmacia' : 'supermercado'},${10 + (i % 7)}`;
  });
  return ['dni,fecha,rubro,monto', ...rows, ''].join('\n');
}

beforeAll(async () => {
  await writeFile(join(folder, 'ventas.csv'), sales());
  const source = (path: string): string =>
    `{ files: { v: { path: ${path} } }, select: 'select dni, fecha, rubro, monto from v', snapshotFrom: 2031-03-01 }`;
  await writeFile(
    file,
    `sources: { ventas: ${source('ventas.csv')}, rotas: ${source('none.csv')} }\n` +
      'dags: { segmentation: { source: ventas, k: 2, restarts: 1, window: 30 } }\n',
  );
  await spawnWorker(WORKER, file, env).ready;
});

afterAll(async () => {
  killWorkers();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function segmenta(...args: readonly string[]): Promise<Ended> {
  const command = [resolve('bin/segmenta.mjs'), '--config', file, ...args];
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number];
  return { status, ...said };
}

const backfill = async (...args: readonly string[]): Promise<Ended> => segmenta('backfill', ...args);
const RANGE = ['segmentation', '--from', '2031-02-22', '--to', '2031-03-08'] as const;

it('shows a plan, runs what it showed or refuses, and then finds nothing to compute', async () => {
  const shown = await backfill(...RANGE, '--dry-run', '--json');
  const plan = JSON.parse(shown.out) as {
    readonly plan: string;
    readonly dates: readonly { readonly fecha: string }[];
  };
  expect(plan.dates).toMatchObject([{ fecha: '2031-03-01', tasks: { compute: 2 } }, { fecha: '2031-03-08' }]);
  const text = await backfill(...RANGE, '--dry-run');
  expect(text.out).toContain(`--plan ${plan.plan.slice(0, 12)} runs this, or nothing`);
  expect(text.out).toMatch(/2031-02-22 +│ refused +│ .*is a snapshot since then/);

  const other = await backfill(...RANGE, '--param', 'k=3', '--plan', plan.plan.slice(0, 12));
  expect(other.status).toBe(1);
  expect(other.err).toMatch(/^PlanChanged: Expected the plan \w{12}, got \w{12}: since its dry run: k: 2 -> 3\. /);
  const unknown = await backfill(...RANGE, '--plan', '0123456789');
  expect(unknown.err).toContain('showed 0123456789');

  const run = await backfill(...RANGE, '--plan', plan.plan, '--name', 'marzo', '--wait');
  expect(run.err).toBe('');
  expect(run.out).toMatch(/\+ 2031-03-08 +success +\d+\.\d s +7 computed/);
  expect(run.out).toContain('segmentation/marzo: success, 3 dates: 2 success, 1 refused');
  expect(run.status).toBe(0);

  const again = await backfill(...RANGE, '--name', 'marzo', '--newest-first', '--wait', '--json');
  expect(JSON.parse(again.out)).toMatchObject({ outcome: 'success', dates: { '2031-03-08': { state: 'cached' } } });
  const missing = await backfill(...RANGE, '--only', 'missing');
  expect([missing.status, missing.out]).toEqual([0, 'Nothing to run: no date from the range is missing\n']);
});

it('is seen, held and cancelled by its id; its name is taken while it runs', async () => {
  const broken = ['segmentation', '--from', '2031-04-05', '--to', '2031-04-12', '--param', 'source=rotas'] as const;
  const started = await backfill(...broken, '--name', 'abril', '--hold-on-failure');
  expect(started.out).toMatch(/^backfill segmentation\/abril started: 2 dates, plan \w{12}: /);
  const twice = await backfill(...broken, '--name', 'abril');
  expect(twice.err).toMatch(/^AlreadyRunning: The backfill segmentation\/abril is running already: .*another --name/);

  const status = async (): Promise<string> => (await backfill('status', 'segmentation/abril')).out;
  await expect.poll(status, { timeout: 60_000 }).toContain('2 dates: 2 held; 4 at once');
  expect(await status()).toMatch(/! 2031-04-05 +held\n/);
  expect(await status()).toContain('next: segmenta status segmentation --fecha 2031-04-05, then retry');

  const refused = await backfill('resume', 'segmentation/abril', '--why', 'x');
  expect([refused.status, refused.err]).toEqual([1, 'Refused: segmentation/abril: it is not paused\n']);
  const resized = await backfill('resize', 'segmentation/abril', '--max-runs', '2', '--why', 'fewer', '--as', 'ana');
  expect(resized.out).toBe('segmentation/abril: resize to 2, by ana: fewer\n');
  const listed = await segmenta('backfills', '--json');
  expect(JSON.parse(listed.out)).toContainEqual(
    expect.objectContaining({ backfill: 'segmentation/abril', status: 'running', range: '2031-04-05 to 2031-04-12' }),
  );
  await backfill('cancel', 'segmentation/abril', '--why', 'broken');
  await expect.poll(status, { timeout: 60_000 }).toContain('backfill segmentation/abril: cancelled');
  const late = await backfill('pause', 'segmentation/abril', '--why', 'x');
  expect(late.err).toMatch(/^Refused: segmentation\/abril is not running/);
  const nowhere = await backfill('status', 'segmentation/mayo');
  expect(nowhere.err).toMatch(/^BadConfig: Temporal knows no backfill segmentation\/mayo/);
});
