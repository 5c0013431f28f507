// `segmenta runs`, `partitions` and `explain`, as processes, on the records that real runs left.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { recordFolder } from '../../dag/run-record.js';
import { FileStore } from '../../lake/file-store.js';
import { writeTaskRecord } from '../../lake/run-records.js';

// Every command is a process of its own.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const command = resolve('bin/segmenta.mjs');
const cwd = await mkdtemp(join(tmpdir(), 'segmenta-records-'));
afterAll(() => rm(cwd, { recursive: true, force: true, maxRetries: 3 }));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where nobody listens. */
const NO_SERVER = '127.0.0.1:1';

function start(line: string, address = NO_SERVER) {
  const env = { PATH: process.env['PATH'], HOME: cwd, TEMPORAL_ADDRESS: address };
  const child = spawn(process.execPath, [command, ...line.split(' ')], { cwd, env });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = once(child, 'close').then(([status]): Ended => ({ status: status as number | null, ...said }));
  return { child, said, ended };
}

const segmenta = async (line: string, address?: string): Promise<Ended> => start(line, address).ended;

/** What a command that succeeds prints as JSON; the tests say what of it they look at. */
async function json<Value>(line: string, address?: string): Promise<Value> {
  const { status, stdout, stderr } = await segmenta(`${line} --json`, address);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Value;
}

interface RunJson {
  readonly dag: string;
  readonly fecha: string;
  readonly runId: string;
  readonly outcome: string;
  readonly origin: { readonly kind: string } | null;
  readonly computed: number;
  readonly cached: number;
  readonly tasks: { readonly [task: string]: { readonly state: string; readonly attempts?: number } };
  readonly versions: object | null;
}

const sales = (amount: string): string =>
  `tienda,producto,unidades,importe\nnorte,pan,3,10.50\nsur,leche,2,${amount}\ncentro,cafe,1,30.00\n`;

const writeSales = async (fecha: string, text: string): Promise<void> =>
  writeFile(join(cwd, 'lake', 'raw', `ventas-${fecha}.csv`), text);

beforeAll(async () => {
  await mkdir(join(cwd, 'lake', 'raw'), { recursive: true });
  await writeFile(join(cwd, 'segmenta.yaml'), 'lake: ./lake\n');
  const runs = [
    ['2026-11-02', '5.15', ''],
    ['2026-11-09', '5.15', ''],
    ['2026-11-16', '6.15', ' --param maxTotal=10'],
    ['2026-11-16', '', ' --param minStores=4'],
    ['2026-11-30', '7.15', ''],
  ] as const;
  for (const [fecha, amount, more] of runs) {
    if (amount !== '') await writeSales(fecha, sales(amount));
    await segmenta(`run ventas --fecha ${fecha} --local${more}`);
  }
  await writeSales('2026-12-07', sales('8.00'));
  // Somebody has to approve it, and nobody will.
  const killed = start('run ventas --fecha 2026-12-07 --local --param approveAbove=1');
  await vi.waitFor(
    () => {
      expect(killed.said.stdout).toMatch(/~ approval +deferred/);
      expect(killed.said.stdout).toMatch(/\+ layOutSales +success/);
    },
    { timeout: 120_000 },
  );
  killed.child.kill('SIGKILL');
  await killed.ended;
});

describe('--help', () => {
  it.concurrent.each(['runs', 'partitions', 'explain'])('of `segmenta %s` explains every option', async (name) => {
    const { status, stdout, stderr } = await segmenta(`${name} --help`);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^Usage: segmenta ${name}`));
    expect(
      stdout.split('\n').filter((line) => /^ {2}(-\S.*|<\S+)$/.test(line) && !/\S {2,}\S/.test(line.trim())),
    ).toEqual([]);
  });
});

describe('a mistake', () => {
  it.concurrent.each([
    ['runs nope', /^BadConfig: Expected one of the DAGs \(.*\), got 'nope'$/],
    ['runs --fecha 2026-02-30', /^BadConfig: --fecha: Expected a date that exists, as YYYY-MM-DD, got '2026-02-30'$/],
    ['runs --fecha 2026-11-16 --to 2026-11-20', /^BadConfig: Expected --fecha, or --from and --to, got both$/],
    ['runs --from 2026-11-16 --to 2026-11-09', /^BadConfig: Expected --from to be no later than --to, got /],
    ['runs -n 0', /^BadConfig: -n: Expected a whole number of at least 1, got '0'$/],
    [
      'runs --state lost',
      /^error: option '--state <state>' argument 'lost' is invalid\. Allowed choices are success, /,
    ],
    ['partitions', /^error: missing required argument 'dag'/],
    ['explain ventas', /^error: required option '--fecha <date>' not specified/],
    [
      'explain ventas --fecha 2026-11-23',
      /^BadConfig: No run of ventas for 2026-11-23 left a record in lake \S+; the newest dates with one: 2026-12-07, 2026-11-30, /,
    ],
    [
      'explain ventas --fecha 2026-11-09 --run x',
      /^BadConfig: --run: Expected a run of ventas for 2026-11-09 \(local-[\w-]+\), got 'x'$/,
    ],
    [
      'explain ventas --fecha 2026-11-09 --against x',
      /^BadConfig: --against: Expected a date with a run of ventas \(.*\), or a run id, got 'x'$/,
    ],
  ] as const)('`segmenta %s` is one clear message on stderr, and status 1', async (line, message) => {
    const { status, stdout, stderr } = await segmenta(line);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.split('\n')[0]).toMatch(message);
  });
});

describe('segmenta runs', () => {
  it('has a line a run, the newest first, and what failed with its error', async () => {
    const { status, stdout, stderr } = await segmenta('runs ventas');
    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('6 runs of ventas, the newest first');
    const row = String.raw` +manual +\d{4}-\d\d-\d\d \d\d:\d\dZ +\d+\.\d s`;
    expect(lines[2]).toMatch(/^ {2}\? {2}2026-12-07 {2}unfinished +\d{4}-.*Z +7 +0 {2}local-[\w-]+$/);
    expect(lines[3]).toMatch(new RegExp(`^ {2}\\+ {2}2026-11-30 {2}success${row} +7 +0 {2}local-`));
    expect(lines[4]).toMatch(new RegExp(`^ {2}\\+ {2}2026-11-16 {2}success${row} +4 +3 {2}local-`));
    expect(lines[5]).toMatch(new RegExp(`^ {2}x {2}2026-11-16 {2}failed${row} +6 +0 {2}local-`));
    expect(lines[6]).toBe('     checkTotals: CheckFailed: Expected stores that add up to 46.65, at most 10, got 46.65');
    expect(lines.slice(-2)).toEqual([
      '  ? unfinished: it left no record of its end, so it is at work, or was killed',
      `  runs at work are not told apart: no Temporal server answers at ${NO_SERVER}`,
    ]);
  });

  it('takes only those that are asked for', async () => {
    const asked = ['--fecha 2026-11-16', '--state failed', '--kind backfill', '--from 2026-11-10 --to 2026-12-01 -n 2'];
    const found = await Promise.all(
      asked.map(async (options) => (await json<{ runs: readonly RunJson[] }>(`runs ventas ${options}`)).runs),
    );
    expect(found.map((runs) => runs.map(({ fecha, outcome }) => `${fecha} ${outcome}`))).toEqual([
      ['2026-11-16 success', '2026-11-16 failed'],
      ['2026-11-16 failed'],
      [],
      ['2026-11-30 success', '2026-11-16 success'],
    ]);
    const { stdout } = await segmenta('runs ventas --kind backfill');
    expect(stdout).toMatch(/^none of 6 runs of ventas is backfill, in lake /);
  });

  it('of all DAGs names the DAG; its JSON has all that a record says', async () => {
    const { stdout } = await segmenta('runs -n 1');
    expect(stdout).toMatch(/^1 of 6 runs, the newest first\n.*\n {2}\? {2}ventas\/2026-12-07 /);
    const { server, runs } = await json<{ server: unknown; runs: readonly RunJson[] }>('runs');
    expect(server).toBe(null);
    expect(runs[1]).toMatchObject({
      dag: 'ventas',
      fecha: '2026-11-30',
      outcome: 'success',
      origin: { kind: 'manual' },
      computed: 7,
      cached: 0,
      params: { fecha: '2026-11-30', minStores: 2 },
      versions: { segmenta: expect.any(String), engine: expect.stringContaining('duckdb') },
      tasks: { readSales: { state: 'success', attempts: 1 }, summarizeStore: { items: { success: 1, cached: 2 } } },
    });
  });
});

describe('segmenta partitions', () => {
  it('shows dates by tasks, dates without a run, and the version of the table, within 80 columns', async () => {
    const { status, stdout, stderr } = await segmenta('partitions ventas');
    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('ventas: 6 dates, one every 7 days');
    expect(lines[11]).toBe(`${' '.repeat(14)}${'| '.repeat(10)} ventas_tienda`);
    expect(lines.slice(12, 18).map((line) => line.replace(/ +\d+(\.\d s| min)/, ''))).toEqual([
      '  2026-12-07  + + + + + + +        -   unfinished',
      '  2026-11-30  + + + + + + - - + -  v3  success',
      '  2026-11-23                       -   no run',
      '  2026-11-16  + = = = + w - - + -  v2  success  2 runs',
      '  2026-11-09  + + = = = = - - + -  v1  success',
      '  2026-11-02  + + + + + + - - + -  v0  success',
    ]);
    expect(Math.max(...lines.slice(0, 20).map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('goes to the ends of a range, and leaves out what has no run where it is told to', async () => {
    interface Dates {
      readonly every: number | null;
      readonly dates: readonly { readonly fecha: string; readonly runs: number; readonly partitions: object }[];
    }
    const range = await json<Dates>('partitions ventas --from 2026-11-20 --to 2026-12-15');
    expect(range.dates.map(({ fecha, runs }) => [fecha, runs])).toEqual([
      ['2026-12-14', 0],
      ['2026-12-07', 1],
      ['2026-11-30', 1],
      ['2026-11-23', 0],
    ]);
    const known = await json<Dates>('partitions ventas --no-gaps');
    expect(known.dates.map(({ fecha }) => fecha)).not.toContain('2026-11-23');
    expect(known.dates[1]?.partitions).toEqual({
      ventas_tienda: { version: 3, rows: 3, run: expect.stringMatching(/^ventas\/2026-11-30\/local-/), there: true },
    });
  });
});

describe('segmenta explain', () => {
  it('tells inputs, parameters, versions, tasks with reasons and figures, artifacts, and what is published', async () => {
    const { status, stdout, stderr } = await segmenta('explain ventas --fecha 2026-11-30');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^ventas\/2026-11-30: success \(run local-[\w-]+\)\n {2}manual, started .*: 7 computed, 0 cached\n/,
    );
    expect(stdout).toMatch(/\n {2}compared with 2026-11-16: success \(run local-/);
    expect(stdout).toContain(
      '\n  arrival: raw/ventas-2026-11-30.csv, 88 bytes (before: raw/ventas-2026-11-16.csv, 88 bytes)\n',
    );
    expect(stdout).toContain('\n  ~ minStores: 4 -> 2\n');
    expect(stdout).toMatch(/\nversions\n {2}segmenta \d+\.\d+\.\d+, engine \S*duckdb\S*\n/);
    expect(stdout).toMatch(
      /\n {2}\+ {2}readSales +computed +\d+\.\d s {2}since 2026-11-16: .*what it reads outside the lake changed\n/,
    );
    expect(stdout).toMatch(
      /\n {2}\+ {2}summarizeStore +computed +\d+\.\d s {2}2 cached, 1 computed\n {6}sur\.centavos 615 -> 715\n/,
    );
    expect(stdout).toMatch(/\n {2}ventas_tienda {2}version 3 {2}3 rows {2}by this run\n$/);
  });

  it('tells why tasks were cached, what warned, and what failed in a run that is named', async () => {
    const { stdout } = await segmenta('explain ventas --fecha 2026-11-16 --against 2026-11-02');
    expect(stdout).toContain(', one of 2 runs of this date)');
    expect(stdout).toMatch(
      /\n {2}= {2}layOutSales +cached +\d+\.\d s {2}the same inputs as in an earlier run of this date\n/,
    );
    expect(stdout).toMatch(/\n {2}w {2}checkStores .*\n {6}warning: Expected at least 4 stores, got 3\n/);
    const { runs } = await json<{ runs: readonly RunJson[] }>('runs ventas --state failed');
    const failed = await segmenta(`explain ventas --fecha 2026-11-16 --run ${runs[0]?.runId}`);
    expect(failed.stdout).toContain(
      '\n      CheckFailed: Expected stores that add up to 46.65, at most 10, got 46.65\n',
    );
    expect(failed.stdout).toMatch(/\n {2}- {2}publishSales +upstream_failed +none_failed: .*checkTotals failed/);
  });

  it('gives all of it as JSON', async () => {
    const explained = await json<{ tasks: readonly object[] }>(
      'explain ventas --fecha 2026-11-30 --against 2026-11-02',
    );
    expect(explained).toMatchObject({
      run: { fecha: '2026-11-30' },
      against: { fecha: '2026-11-02' },
      published: { ventas_tienda: { version: 3 } },
    });
    expect(explained.tasks[1]).toMatchObject({
      task: 'readSales',
      why: expect.stringContaining('since 2026-11-02: '),
      artifacts: [
        { artifact: { kind: 'sales', rows: 3 }, same: false },
        { same: true },
        { same: true },
        { same: false },
      ],
    });
  });
});

describe('what only Temporal knows', () => {
  const fecha = '2031-01-06';
  let connection: Connection;
  let client: Client;
  beforeAll(async () => {
    connection = await Connection.connect({ address: inject('temporalAddress') });
    client = new Client({ connection });
  });
  afterAll(async () => connection.close());

  it('a run is at work, also before it left a record; then it was terminated', async () => {
    const handle = await client.workflow.start('ventas', {
      workflowId: `ventas/${fecha}`,
      taskQueue: `nobody-${randomUUID()}`,
      args: [{ fecha }],
    });
    const look = async () =>
      (await json<{ runs: readonly RunJson[] }>(`runs ventas --fecha ${fecha}`, inject('temporalAddress'))).runs;
    // The server's list follows its runs at some distance.
    await expect
      .poll(look, { timeout: 120_000 })
      .toMatchObject([{ outcome: 'running', runId: handle.firstExecutionRunId }]);
    const grid = await segmenta(`partitions ventas --from ${fecha} --to ${fecha}`, inject('temporalAddress'));
    expect(grid.stdout).toMatch(/\n {2}2031-01-06 .* running\n/);
    expect(grid.stdout).not.toContain('not told apart');

    const at = new Date().toISOString();
    const folder = recordFolder('ventas', fecha, handle.firstExecutionRunId);
    const record = { task: 'arrival', output: null, cached: false, attempts: 1, startedAt: at, endedAt: at };
    await writeTaskRecord(new FileStore(join(cwd, 'lake')), folder, record);
    await handle.terminate('the test is over');
    await expect
      .poll(look, { timeout: 120_000 })
      .toMatchObject([
        { outcome: 'terminated', runId: handle.firstExecutionRunId, tasks: { arrival: { state: 'success' } } },
      ]);
    const { stdout } = await segmenta(`explain ventas --fecha ${fecha}`, inject('temporalAddress'));
    expect(stdout).toMatch(/^ventas\/2031-01-06: terminated \(run /);
  });
});
