import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';

// Every command is a process of its own, several at a time.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const command = resolve('bin/segmenta.mjs');
const worker = resolve('dist/worker/main.js');

const scratch = await mkdtemp(join(tmpdir(), 'segmenta cli ñ-'));
const children = new Set<ChildProcess>();
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Only what a fresh shell has: nothing of the machine's own settings, and no Temporal server unless one is said. */
const bare = (home: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: home,
  TEMPORAL_ADDRESS: '127.0.0.1:1',
});

function start(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...bare(cwd), ...env } });
  children.add(child);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = once(child, 'close').then(([status]): Ended => {
    children.delete(child);
    return { status: status as number | null, ...said };
  });
  return { child, said, ended };
}

/** The real command, as a process of its own. */
const segmenta = async (cwd: string, line: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  start(command, line.split(' ').filter(Boolean), cwd, env).ended;

const CONFIG = `
sources:
  ventas:
    files: { ventas: { path: './ventas-*.csv' } }
    select: select dni, fecha, rubro, canal, monto, ubicacion, producto from ventas
  rotas:
    files: { ventas: { path: rotas.csv } }
    select: select dni, fecha, rubro, canal, importe as monto, ubicacion, producto from ventas
dags:
  segmentation:
    source: ventas
    k: 3
    window: 90
    scores: { supermercado: [supermercado], farmacia: [farmacia], restaurante: [restaurantes] }
`;

const CUSTOMERS = 45;
const RUBROS = ['supermercado', 'farmacia', 'restaurantes'];
const HEADER = 'dni,fecha,rubro,canal,monto,ubicacion,producto';

/** 45 customers, each with a rubro of theirs, who buy over the 60 days before 2019-03-04. */
function sales(): string {
  const rows: string[] = [];
  for (let i = 0; i < 900; i += 1) {
    const who = (i * 7) % CUSTOMERS;
    const day = new Date(Date.UTC(2019, 0, 3 + ((i * 11) % 60))).toISOString().slice(0, 10);
    const rubro = RUBROS[i % 5 === 0 ? (i / 5) % 3 : who % 3];
    const amount = (10 + ((i * 37) % 90) + who * (1 + (who % 3))).toFixed(2);
    rows.push(
      `${String(who).padStart(8, '0')},${day},${rubro},${who % 2 === 0 ? 'app' : 'caja'},${amount},u${i % 9},p${i % 13}`,
    );
  }
  return [HEADER, ...rows, ''].join('\n');
}

/** A folder with a configuration and its data. */
async function project(config = CONFIG): Promise<string> {
  const folder = await mkdtemp(join(scratch, 'project-'));
  await writeFile(join(folder, 'segmenta.yaml'), config);
  await writeFile(join(folder, 'ventas-1.csv'), sales());
  await writeFile(join(folder, 'rotas.csv'), sales());
  return folder;
}

let folder = '';
beforeAll(async () => {
  folder = await project();
});

describe('--help', () => {
  it.concurrent.each([
    '',
    'run',
    'backfill',
    'backfill start',
    'backfill cancel',
    'backfills',
    'show',
    'history',
    'revert',
    'neighbours',
    'graph',
    'config',
    'config check',
    'dev',
    'worker',
    'demo',
  ])('of `segmenta %s` ends with status 0 and explains every argument and option', async (name) => {
    const { status, stdout, stderr } = await segmenta(scratch, `${name} --help`);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^Usage: segmenta ${name}`));
    expect(
      stdout.split('\n').filter((line) => /^ {2}(-\S.*|<\S+)$/.test(line) && !/\S {2,}\S/.test(line.trim())),
    ).toEqual([]);
  });
});

describe('a mistake', () => {
  const cases: readonly [string, RegExp, string?][] = [
    [
      'run nope --fecha 2019-03-04 --local',
      /^BadConfig: Expected one of the DAGs \(segmentation, lookalikes, ventas, ranking\), got 'nope'$/,
    ],
    [
      'graph constructor',
      /^BadConfig: Expected one of the DAGs \(segmentation, lookalikes, ventas, ranking\), got 'constructor'$/,
    ],
    [
      'run segmentation --fecha 2019-02-29 --local',
      /fecha: Expected a date that exists, as YYYY-MM-DD, got '2019-02-29'$/,
    ],
    ['run segmentation --local', /^error: required option '--fecha <date>' not specified/],
    ['run segmentation --fecha 2019-03-04 --local --param kk=3', /Unrecognized key: "kk" \(misspelt\?\)$/],
    [
      'run segmentation --fecha 2019-03-04 --local --param source=x',
      /Expected one of the sources of events \(ventas, rotas\), got 'x'$/,
    ],
    [
      'run segmentation --fecha 2019-03-04',
      /^No Temporal server answers at 127\.0\.0\.1:1: start one with `segmenta dev`/,
    ],
    ['config check --config none.yaml', /^BadConfig: Expected a configuration at \S.*none\.yaml: /],
    ['--config none.yaml show clientes_segmentados', /^BadConfig: Expected a configuration at \S.*none\.yaml: /],
    [
      'show clientes',
      /^BadConfig: Expected one of the tables \(clientes_segmentados, scores_rubro, segmentos, ventas_tienda, clientes_limpios, .*, audiencias_resumen\), got 'clientes'$/,
    ],
    ['show clientes_segmentados', /^BadConfig: The lake file:\S+ has no table clientes_segmentados yet/],
    ['show clientes_segmentados --limit -1', /^BadConfig: --limit: Expected a number of rows, got '-1'$/],
    ['neighbours 00000001', /^BadConfig: The lake file:\S+ has no table clientes_segmentados yet/],
    ['neighbours 00000001 -k 0', /^BadConfig: -k: Expected a whole number of at least 1, got '0'$/],
    ['nothing', /^error: unknown command 'nothing'/],
    ['config check', /Expected a path, file:\.\/folder or s3:\/\/bucket\/prefix, got 'gs:\/\/x'$/, '\nlake: gs://x'],
    [
      'config check',
      /dags\.segmentacion: Expected one of the DAGs \(segmentation, lookalikes, ventas, ranking\)$/,
      '\n  segmentacion: { k: 3 }',
    ],
    ['config check', /source 'otras', file '\S.*otras\.csv': no such file/, '\nsources.otras'],
  ];

  it.concurrent.each(cases)(
    '`segmenta %s` is one clear message on stderr, and status 1',
    async (line, message, change) => {
      let cwd = folder;
      if (change?.startsWith('\nsources'))
        cwd = await project(CONFIG.replace('rotas.csv', 'otras.csv').replace('rotas:', 'otras:'));
      else if (change !== undefined) cwd = await project(`${CONFIG.trimEnd()}${change}`);
      const { status, stdout, stderr } = await segmenta(cwd, line);
      expect([status, stdout]).toEqual([1, '']);
      const [first = '', ...more] = stderr.trimEnd().split('\n');
      expect(first).toMatch(message);
      expect(more.filter((text) => text !== '' && text !== '(--help says more)')).toEqual([]);
    },
  );
});

describe('segmenta graph', () => {
  it('draws the DAG for a terminal, as Mermaid and as data, without any configuration', async () => {
    const [text, mermaid, json] = await Promise.all(
      ['', '--mermaid', '--json'].map((option) => segmenta(scratch, `graph segmentation ${option}`)),
    );
    expect(text?.stdout).toMatch(
      /^segmentation: 7 tasks\nstep 1 {2}ingestTransactions\nstep 2 {2}buildFeatures {7}<- ingestTransactions\n/,
    );
    expect(mermaid?.stdout).toMatch(/^flowchart TD\n/);
    expect(mermaid?.stdout).toContain('  ingestTransactions --> buildFeatures\n');
    const data = JSON.parse(json?.stdout ?? '') as { id: string; tasks: { id: string }[]; outputs: object };
    expect(data.id).toBe('segmentation');
    expect(data.tasks.map(({ id }) => id)).toContain('publishSegments');
    expect(data.outputs).toEqual({ published: 'publishSegments' });
    expect([text, mermaid, json].map((ended) => [ended?.status, ended?.stderr])).toEqual([
      [0, ''],
      [0, ''],
      [0, ''],
    ]);
  });
});

describe('segmenta config check', () => {
  it('says what the configuration comes to, and leaves nothing behind', async () => {
    const cwd = await project();
    const { status, stdout, stderr } = await segmenta(cwd, 'config check');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')[0]).toBe(`${join(cwd, 'segmenta.yaml')} is correct`);
    expect(stdout).toMatch(/^lake +file:\S+\.segmenta\/lake, can be written$/m);
    expect(stdout).toMatch(/^source +ventas: 1 file, [\d,]+ bytes$/m);
    expect(stdout).toMatch(
      /^dags +segmentation, ventas, ranking\n +not lookalikes: there is no customer table among the sources$/m,
    );
    expect((await readdir(cwd)).toSorted()).toEqual(['rotas.csv', 'segmenta.yaml', 'ventas-1.csv']);
  });

  it('says it as JSON', async () => {
    const { status, stdout } = await segmenta(folder, 'config check --json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      file: join(folder, 'segmenta.yaml'),
      timeZone: 'UTC',
      temporal: '127.0.0.1:1',
      sources: { ventas: { files: 1, bytes: sales().length } },
      dags: ['segmentation', 'ventas', 'ranking'],
      cannotRun: { lookalikes: 'no customer table' },
    });
  });
});

interface RunJson {
  readonly run: string;
  readonly outcome: string;
  readonly tasks: {
    readonly [task: string]: { readonly state: string; readonly cached?: boolean; readonly error?: object };
  };
  readonly outputs: object;
}

describe('segmenta run --local', () => {
  let cwd = '';
  let first: Ended;
  beforeAll(async () => {
    cwd = await project();
    first = await segmenta(cwd, 'run segmentation --fecha 2019-03-04 --local');
  });

  it('shows every task as it starts and ends, then the outcome, without a Temporal server', () => {
    expect([first.status, first.stderr]).toEqual([0, '']);
    for (const task of ['ingestTransactions', 'buildFeatures', 'scaleFeatures', 'fitClusters', 'publishSegments']) {
      expect(first.stdout).toMatch(new RegExp(`^ {2}> ${task} +running$`, 'm'));
      expect(first.stdout).toMatch(new RegExp(`^ {2}\\+ ${task} +success +\\d+\\.\\d s {2}\\S`, 'm'));
    }
    expect(first.stdout.trimEnd().split('\n').at(-1)).toBe(
      'segmentation/2019-03-04: success, 7 of 7 tasks computed, 0 cached',
    );
  });

  it('says of a second identical run that nothing was computed', async () => {
    const { status, stdout } = await segmenta(cwd, 'run segmentation --fecha 2019-03-04 --local');
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      'segmentation/2019-03-04: success, 0 of 7 tasks computed, 7 cached: nothing to compute',
    );
  });

  it('with --json prints the result alone on stdout, and progress on stderr', async () => {
    const { status, stdout, stderr } = await segmenta(cwd, 'run segmentation --fecha 2019-03-04 --local --json');
    expect(status).toBe(0);
    const { run, outcome, tasks, outputs } = JSON.parse(stdout) as RunJson;
    expect([run, outcome, Object.keys(outputs)]).toEqual(['segmentation/2019-03-04', 'success', ['published']]);
    const ends = Object.values(tasks).map(({ state, cached }) => `${state}, cached: ${cached}`);
    expect(ends).toEqual(Array(7).fill('success, cached: true'));
    expect(stderr).toContain('+ ingestTransactions');
  });

  it('ends with status 1 and the failed task where one fails, what depends on it left out', async () => {
    const { status, stdout, stderr } = await segmenta(
      cwd,
      'run segmentation --fecha 2019-03-11 --local --param source=rotas',
    );
    expect(status).toBe(1);
    expect(stdout).toMatch(/^ {2}x ingestTransactions +failed +\d+\.\d s {2}\w+: .*importe/m);
    expect(stdout).toMatch(/^ {2}- publishSegments +upstream_failed {2}all_success: nameClusters upstream_failed, /m);
    expect(stderr).toMatch(/^ingestTransactions failed: \w+: .*importe/);
    expect(stderr).not.toMatch(/^ +at /m);
    const shown = await segmenta(cwd, 'show clientes_segmentados --fecha 2019-03-11');
    expect(shown.stderr).toBe(
      'BadConfig: Expected one of the dates of clientes_segmentados (2019-03-04), got 2019-03-11\n',
    );
  });

  it('stops on Ctrl-C with status 1', async () => {
    const { child, said, ended } = start(command, ['run', 'segmentation', '--fecha', '2019-03-03', '--local'], cwd);
    await expect.poll(() => said.stdout, { timeout: 60_000 }).toContain('> ingestTransactions');
    child.kill('SIGINT');
    const { status, stdout } = await ended;
    expect(status).toBe(1);
    expect(stdout).toContain('segmentation/2019-03-03: cancelled');
  });

  it('is shown by `segmenta show`: the dates, the rows, and the segments', async () => {
    const { status, stdout, stderr } = await segmenta(cwd, 'show clientes_segmentados --limit 2');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^clientes_segmentados in file:\S+, version \d+$/m);
    expect(stdout).toMatch(/clientes_segmentados\/fecha_modelo=2019-03-04\/part-\S+\.parquet/);
    expect(stdout).toContain('2019-03-04, 2 of 45 rows');
    expect(stdout).toContain('│ 00000000 │');
    expect(stdout).toContain('cluster_nombre');
    expect(stdout).toContain('clientes');
  });

  it('is shown by `segmenta show --json` with types: dni a text, scores numbers', async () => {
    const { stdout } = await segmenta(cwd, 'show clientes_segmentados --json --limit 100');
    const { table, fecha, partitions, rows } = JSON.parse(stdout) as {
      table: string;
      fecha: string;
      partitions: readonly { fecha: string; rows: number; path: string }[];
      rows: readonly {
        dni: unknown;
        cluster_id: unknown;
        cluster_nombre: unknown;
        score_farmacia: unknown;
        fecha_modelo: unknown;
      }[];
    };
    expect([table, fecha, partitions.map((at) => [at.fecha, at.rows])]).toEqual([
      'clientes_segmentados',
      '2019-03-04',
      [['2019-03-04', 45]],
    ]);
    expect(rows).toHaveLength(CUSTOMERS);
    expect(rows.map(({ dni }) => dni)).toEqual(Array.from({ length: CUSTOMERS }, (_, i) => String(i).padStart(8, '0')));
    for (const row of rows) {
      expect([typeof row.cluster_id, typeof row.cluster_nombre, typeof row.score_farmacia]).toEqual([
        'number',
        'string',
        'number',
      ]);
      expect(row.fecha_modelo).toBe('2019-03-04');
    }
    expect(new Set(rows.map((row) => row.cluster_id)).size).toBe(3);
  });

  it('is shown for the other tables too', async () => {
    const shown = await Promise.all(
      ['scores_rubro', 'segmentos'].map((table) => segmenta(cwd, `show ${table} --json`)),
    );
    expect(shown.map(({ status }) => status)).toEqual([0, 0]);
    const [scores, segments] = shown.map(({ stdout }) => (JSON.parse(stdout) as { rows: readonly object[] }).rows);
    expect(scores?.[0]).toMatchObject({ dni: '00000000', rubro: expect.any(String), score: expect.any(Number) });
    expect(segments).toHaveLength(3);
  });

  it('answers `segmenta neighbours`, nearest first, without the customer', async () => {
    const [text, json, all, unknown] = await Promise.all([
      segmenta(cwd, 'neighbours 00000004 -k 3'),
      segmenta(cwd, 'neighbours 00000004 -k 3 --json'),
      segmenta(cwd, 'neighbours 00000004 -k 1000 --json'),
      segmenta(cwd, 'neighbours 4'),
    ]);
    const { dni, fecha, neighbours } = JSON.parse(json.stdout) as {
      dni: string;
      fecha: string;
      neighbours: readonly { dni: string; distance: number }[];
    };
    expect([dni, fecha, neighbours.length]).toEqual(['00000004', '2019-03-04', 3]);
    expect(neighbours.map((one) => one.dni)).not.toContain('00000004');
    const distances = neighbours.map(({ distance }) => distance);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    for (const neighbour of neighbours) expect(text.stdout).toContain(neighbour.dni);
    expect((JSON.parse(all.stdout) as { neighbours: readonly object[] }).neighbours).toHaveLength(CUSTOMERS - 1);
    expect([unknown.status, unknown.stderr]).toEqual([
      1,
      "BadConfig: Expected a dni with a segment on 2019-03-04, got '4' (leading zeros count)\n",
    ]);
  });
});

describe('segmenta run on Temporal', () => {
  const s3 = inject('s3');
  const bucket = `cli-${randomUUID()}`;
  const taskQueue = `cli-${randomUUID()}`;
  let cwd = '';
  let env: NodeJS.ProcessEnv = {};
  let running: ReturnType<typeof start>;
  let client: Client;
  let connection: Connection | undefined;

  beforeAll(async () => {
    cwd = await project();
    env = {
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_TASK_QUEUE: taskQueue,
      TEMPORAL_UI: 'http://ui.test',
    };
    if (s3 !== null) {
      const { endpoint, region, accessKeyId, secretAccessKey } = s3;
      const s3Client = new S3Client({
        endpoint,
        region,
        credentials: { accessKeyId, secretAccessKey },
        forcePathStyle: true,
      });
      await s3Client.send(new CreateBucketCommand({ Bucket: bucket }));
      s3Client.destroy();
      env['SEGMENTA_LAKE'] = `s3://${bucket}/lake`;
      env['AWS_ENDPOINT_URL'] = endpoint;
      env['AWS_REGION'] = region;
      env['AWS_ACCESS_KEY_ID'] = accessKeyId;
      env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey;
    }
    running = start(worker, [], cwd, env);
    // Until it takes tasks, or has ended and says why.
    let end: Ended | undefined;
    void running.ended.then((ended) => (end = ended));
    while (!running.said.stdout.includes('worker ready')) {
      if (end !== undefined) throw new Error(`The worker ended with status ${end.status}: ${end.stderr}`);
      await sleep(50);
    }
    connection = await Connection.connect({ address: inject('temporalAddress') });
    client = new Client({ connection });
  });

  afterAll(async () => {
    await connection?.close();
    running.child.kill('SIGTERM');
    const { stdout, stderr } = await running.ended;
    // What an operator reads: its state, and nothing of the libraries below it.
    expect(`${stdout}${stderr}`).not.toContain('Warning');
    expect(stdout).toContain(`worker ready: ${taskQueue} on `);
  });

  it('with --wait shows progress and ends with the run; then the table and its neighbours are there', async () => {
    const { status, stdout, stderr } = await segmenta(cwd, 'run segmentation --fecha 2019-03-04 --wait', env);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^segmentation\/2019-03-04 started: http:\/\/ui\.test\/namespaces\/default\/workflows\/segmentation%2F2019-03-04\/[\w-]+$/m,
    );
    expect(stdout).toMatch(/^ {2}\+ publishSegments +success +\d+\.\d s {2}\S/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      'segmentation/2019-03-04: success, 7 of 7 tasks computed, 0 cached',
    );
    const shown = await segmenta(cwd, 'show clientes_segmentados --json', env);
    expect([shown.status, shown.stderr]).toEqual([0, '']);
    expect(JSON.parse(shown.stdout)).toMatchObject({ fecha: '2019-03-04', rows: expect.any(Array) });
    const near = await segmenta(cwd, 'neighbours 00000004 -k 2 --json', env);
    expect((JSON.parse(near.stdout) as { neighbours: readonly object[] }).neighbours).toHaveLength(2);
  });

  it('with --wait --json prints the result alone on stdout, and says what was cached', async () => {
    const { status, stdout, stderr } = await segmenta(cwd, 'run segmentation --fecha 2019-03-04 --wait --json', env);
    expect(status).toBe(0);
    const { outcome, tasks } = JSON.parse(stdout) as RunJson;
    expect(outcome).toBe('success');
    expect(Object.values(tasks).map(({ cached }) => cached)).toEqual(Array(7).fill(true));
    expect(stderr).toContain('segmentation/2019-03-04 started: ');
  });

  it('ends with status 1, and names the task and why, where the run fails', async () => {
    const line = 'run segmentation --fecha 2019-03-11 --param source=rotas --wait --json';
    const { status, stdout, stderr } = await segmenta(cwd, line, env);
    expect(status).toBe(1);
    const { outcome, tasks } = JSON.parse(stdout) as RunJson;
    expect(outcome).toBe('failed');
    expect(tasks['ingestTransactions']?.error).toMatchObject({ message: expect.stringContaining('importe') });
    expect(tasks['publishSegments']?.state).toBe('upstream_failed');
    expect(stderr).toMatch(/^ingestTransactions failed: \w+: .*importe/m);
  });

  it('without --wait returns at once; a second run of the date is refused, and where nobody works it is said', async () => {
    const nobody = { ...env, TEMPORAL_TASK_QUEUE: `nobody-${randomUUID()}` };
    const line = 'run segmentation --fecha 2019-02-25';
    const begun = await segmenta(cwd, `${line} --json`, nobody);
    expect(begun.status).toBe(0);
    const { run, runId } = JSON.parse(begun.stdout) as { run: string; runId: string };
    expect(run).toBe('segmentation/2019-02-25');
    const second = await segmenta(cwd, `${line} --wait`, nobody);
    expect([second.status, second.stdout]).toEqual([1, '']);
    expect(second.stderr).toBe(
      'AlreadyRunning: segmentation/2019-02-25 is running already, and a date has one run at a time: ' +
        'watch it at http://ui.test/namespaces/default/workflows/segmentation%2F2019-02-25\n',
    );
    await client.workflow.getHandle(run, runId).terminate();

    const waiting = start(command, `${line} --wait`.split(' '), cwd, nobody);
    await expect
      .poll(() => waiting.said.stdout, { timeout: 60_000 })
      .toContain(`no worker answers on the queue ${nobody.TEMPORAL_TASK_QUEUE}: start one with \`segmenta worker\``);
    await client.workflow.getHandle(run).terminate('enough');
    const ended = await waiting.ended;
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain('enough');
    expect(ended.stdout).toContain('segmentation/2019-02-25: failed');
  });

  it('goes on where Ctrl-C ends the one who waits, which says so', async () => {
    const nobody = { ...env, TEMPORAL_TASK_QUEUE: `nobody-${randomUUID()}` };
    const waiting = start(command, 'run segmentation --fecha 2019-02-18 --wait'.split(' '), cwd, nobody);
    await expect.poll(() => waiting.said.stdout, { timeout: 60_000 }).toContain('started: ');
    waiting.child.kill('SIGINT');
    const { status, stderr } = await waiting.ended;
    expect(status).toBe(130);
    expect(stderr).toBe('segmentation/2019-02-18 goes on without this command\n');
    const handle = client.workflow.getHandle('segmentation/2019-02-18');
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate();
  });

  it.skipIf(s3 === null)('keeps what libraries have to say about this Node out of the output, on S3 too', async () => {
    const { status, stdout, stderr } = await segmenta(cwd, 'config check --json', env);
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ lake: expect.stringContaining(bucket) });
  });
});
