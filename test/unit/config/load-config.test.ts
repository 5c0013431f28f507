import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { glob } from 'tinyglobby';
import { afterAll, describe, expect, it } from 'vitest';
import { isCustomerSource } from '../../../config/any-source.js';
import type { AnySource } from '../../../config/any-source.js';
import { BadConfig } from '../../../config/bad-config.js';
import { loadConfig } from '../../../config/load-config.js';
import type { Config } from '../../../config/load-config.js';
import { isPermanent } from '../../../dag/permanent-error.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-config-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const SOURCES = `
sources:
  ventas:
    files: { ventas: { path: data/ventas.csv } }
    select: select * from ventas
`;

/** Writes a configuration in a folder of its own below `scratch/…/conf`, and loads it from another working folder. */
async function load(
  yaml: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ config: Config; folder: string; cwd: string }> {
  const base = await mkdtemp(join(scratch, 'case-'));
  const [folder, cwd] = [join(base, 'conf'), join(base, 'work')];
  await Promise.all([mkdir(folder), mkdir(cwd)]);
  const file = join(folder, 'segmenta.yaml');
  await writeFile(file, yaml);
  return { config: await loadConfig({ file, cwd, env }), folder, cwd };
}

async function refusal(yaml: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const error: unknown = await load(yaml, env).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BadConfig);
  expect(isPermanent(error)).toBe(true);
  return (error as BadConfig).message.replaceAll(scratch, '').replaceAll(/\/case-\w+\/conf\//g, '');
}

describe('loadConfig', () => {
  it('fills in everything that is not said', async () => {
    const { config, cwd, folder } = await load(SOURCES);
    expect(config).toMatchObject({
      file: join(folder, 'segmenta.yaml'),
      home: join(cwd, '.segmenta'),
      lake: pathToFileURL(join(cwd, '.segmenta', 'lake')).href,
      s3: {},
      temporal: { namespace: 'default', taskQueue: 'segmenta' },
      timeZone: 'UTC',
      engine: { threads: availableParallelism(), memory: '2GB' },
      worker: { deployment: 'segmenta' },
      dags: {},
    });
    expect(config.temporal.address).toBeUndefined();
    expect(config.worker.build).toBeUndefined();
    // Left to the SDK, which turns it on where there is an API key.
    expect(config.temporal.tls).toBeUndefined();
    expect(config.sources['ventas']).toMatchObject({ name: 'ventas', positiveAmounts: false });
  });

  it('gets by without segmenta.yaml, and not without a file that is named', async () => {
    const cwd = await mkdtemp(join(scratch, 'none-'));
    expect(await loadConfig({ cwd, env: {} })).toMatchObject({ file: undefined, sources: {}, timeZone: 'UTC' });
    await expect(loadConfig({ file: 'none.yaml', cwd, env: {} })).rejects.toThrow('Expected a configuration at');
    await expect(loadConfig({ cwd, env: { SEGMENTA_CONFIG: 'none.yaml' } })).rejects.toThrow(BadConfig);
  });

  it('takes segmenta.yaml of the working folder, else SEGMENTA_CONFIG, and the named file above both', async () => {
    const cwd = await mkdtemp(join(scratch, 'pick-'));
    for (const name of ['segmenta', 'other', 'named']) {
      await writeFile(join(cwd, `${name}.yaml`), `${SOURCES}\ntemporal: { taskQueue: ${name} }`);
    }
    const queue = async (file: string | undefined, env: NodeJS.ProcessEnv): Promise<string> =>
      (await loadConfig({ file, cwd, env })).temporal.taskQueue;
    expect(await queue(undefined, {})).toBe('segmenta');
    expect(await queue(undefined, { SEGMENTA_CONFIG: '' })).toBe('segmenta');
    expect(await queue(undefined, { SEGMENTA_CONFIG: 'other.yaml' })).toBe('other');
    expect(await queue('named.yaml', { SEGMENTA_CONFIG: 'other.yaml' })).toBe('named');
  });

  it('says where it looked for a file that is not there', async () => {
    const loading = loadConfig({ file: 'none.yaml', cwd: scratch, env: {} });
    await expect(loading).rejects.toThrow(
      `Expected a configuration at ${join(scratch, 'none.yaml')}: write one, or name one with --config`,
    );
  });

  it.each([
    ['sources: [', /^segmenta\.yaml is not YAML: .*line 1/s],
    [`${SOURCES}\nsources: {}`, /^segmenta\.yaml is not YAML: Map keys must be unique/],
    ['- a', /^segmenta\.yaml: Invalid input: expected object, received array$/],
    [`${SOURCES}\nlakes: x`, /^segmenta\.yaml: Unrecognized key: "lakes" \(misspelt\?\)$/],
    [`${SOURCES}\ntemporal: { adress: x }`, /^segmenta\.yaml: temporal: Unrecognized key: "adress" \(misspelt\?\)$/],
    [`${SOURCES}\ntemporal: { tls: maybe }`, /^segmenta\.yaml: temporal\.tls: .*expected boolean/],
    [`${SOURCES}\nengine: { threads: 0 }`, /^segmenta\.yaml: engine\.threads: /],
    [`${SOURCES}\nengine: { memory: much }`, /^segmenta\.yaml: engine\.memory: Expected a size such as '2GB'$/],
    [`${SOURCES}\ntimeZone: Bogota`, /^segmenta\.yaml: timeZone: Expected an IANA time zone .* got 'Bogota'$/],
    [`${SOURCES}\ns3: { endpoint: not a url }`, /^segmenta\.yaml: s3\.endpoint: /],
    ['sources: { v: { files: { v: { path: v.csv } } } }', /^segmenta\.yaml: sources\.v\.select: /],
    ['sources: { v: { files: {}, select: x } }', /^segmenta\.yaml: sources\.v\.files: Expected at least one entry$/],
    [
      'sources: { v: { files: { v: { path: 3 } }, select: x } }',
      /^segmenta\.yaml: sources\.v\.files\.v\.path: .*expected string/,
    ],
    [
      'sources: { v: { files: { v: { path: [] } }, select: x } }',
      /^segmenta\.yaml: sources\.v\.files\.v\.path: .*array/,
    ],
    [
      'sources: { v: { files: { v: { path: v.csv } }, select: x, events: w } }',
      /^segmenta\.yaml: sources\.v\.events: Expected one of the names under `files`$/,
    ],
    [
      'sources: { v: { files: { "my file": { path: v.csv } }, select: x } }',
      /^segmenta\.yaml: sources\.v\.files\.my file: .*SQL/,
    ],
  ])('refuses %j with the file and the key', async (yaml, message) => {
    expect(await refusal(yaml)).toMatch(message);
  });

  it('tells everything that is wrong at once, a line each', async () => {
    const lines = (await refusal('engine: { threads: many }\ntimeZone: Nowhere')).split('\n');
    expect(lines.map((line) => line.split(': ')[1] ?? '').toSorted()).toEqual(['engine.threads', 'timeZone']);
  });
});

/** Of a source of events. */
const filesOf = (source: AnySource | undefined) =>
  source === undefined || isCustomerSource(source) ? {} : source.files;

describe('paths', () => {
  it('of sources are relative to the file, wherever the command is run; absolute ones and those in the lake stay', async () => {
    const { config, folder } = await load(`
sources:
  v:
    files:
      a: { path: data/a.csv }
      b: { path: [../b.csv, ./c-*.csv, /abs/d.csv, 'lake:raw/*.csv'] }
    select: select * from a
`);
    expect(filesOf(config.sources['v'])['a']?.path).toEqual([join(folder, 'data', 'a.csv')]);
    expect(filesOf(config.sources['v'])['b']?.path).toEqual([
      join(folder, '..', 'b.csv'),
      join(folder, 'c-*.csv'),
      '/abs/d.csv',
      'lake:raw/*.csv',
    ]);
  });

  it('with a glob are found below a folder whose name looks like one', async () => {
    const folder = join(scratch, 'ventas [2026] (año)');
    await mkdir(join(folder, 'in'), { recursive: true });
    await writeFile(join(folder, 'in', 'v-1.csv'), 'dni\n');
    const file = join(folder, 'segmenta.yaml');
    await writeFile(file, 'sources: { v: { files: { v: { path: ./in/v-*.csv } }, select: x } }');
    const { sources } = await loadConfig({ file, cwd: scratch, env: {} });
    const pattern = filesOf(sources['v'])['v']?.path[0] ?? '';
    expect(await glob(pattern, { absolute: true })).toEqual([join(folder, 'in', 'v-1.csv')]);
  });

  it.each([
    ['s3://bucket/some/prefix', 's3://bucket/some/prefix'],
    ['s3://bucket', 's3://bucket'],
    ['file:///var/lake', 'file:///var/lake'],
    ['file:/var/lake', 'file:///var/lake'],
    ['/var/lake', 'file:///var/lake'],
  ])('the lake %s is %s', async (said, url) => {
    expect((await load(`${SOURCES}\nlake: ${said}`)).config.lake).toBe(url);
    expect((await load(SOURCES, { SEGMENTA_LAKE: said })).config.lake).toBe(url);
  });

  it.each(['file:./lake', 'file:lake', './lake', 'lake', 'FILE:lake'])(
    'the lake %s is relative to the file; in SEGMENTA_LAKE to the working folder',
    async (said) => {
      const inFile = await load(`${SOURCES}\nlake: ${said}`);
      expect(inFile.config.lake).toBe(pathToFileURL(join(inFile.folder, 'lake')).href);
      const inVariable = await load(`${SOURCES}\nlake: other`, { SEGMENTA_LAKE: said });
      expect(inVariable.config.lake).toBe(pathToFileURL(join(inVariable.cwd, 'lake')).href);
    },
  );

  it.each(['gs://bucket/lake', 's3:bucket/lake', 's3:/bucket', 's3:///prefix', 'file://./lake', 'https://x/lake'])(
    'the lake %s is refused, and not taken for a folder of that name',
    async (said) => {
      const expected = `Expected a path, file:./folder or s3://bucket/prefix, got '${said}'`;
      expect(await refusal(`${SOURCES}\nlake: ${said}`)).toBe(`segmenta.yaml: lake: ${expected}`);
      expect(await refusal(SOURCES, { SEGMENTA_LAKE: said })).toBe(`environment: SEGMENTA_LAKE: ${expected}`);
    },
  );
});

describe('the environment', () => {
  const yaml = `${SOURCES}
lake: s3://from/file
timeZone: America/Lima
engine: { threads: 3, memory: 3GB }
temporal: { address: 'file:1', namespace: file, tls: true, apiKey: file, taskQueue: file, ui: 'http://file' }
worker: { deployment: file, build: file }
`;

  it('goes above the file', async () => {
    const { config, cwd } = await load(yaml, {
      SEGMENTA_HOME: 'home',
      SEGMENTA_LAKE: 's3://from/env',
      SEGMENTA_TIME_ZONE: 'America/Bogota',
      SEGMENTA_THREADS: '5',
      SEGMENTA_MEMORY: '512MB',
      SEGMENTA_BUILD_ID: 'env',
      TEMPORAL_ADDRESS: 'env:2',
      TEMPORAL_NAMESPACE: 'env',
      TEMPORAL_TLS: 'false',
      TEMPORAL_API_KEY: 'env',
      TEMPORAL_TASK_QUEUE: 'env',
      TEMPORAL_UI: 'http://env',
    });
    expect(config).toMatchObject({
      home: join(cwd, 'home'),
      lake: 's3://from/env',
      timeZone: 'America/Bogota',
      engine: { threads: 5, memory: '512MB' },
      worker: { deployment: 'file', build: 'env' },
      temporal: { address: 'env:2', namespace: 'env', tls: false, apiKey: 'env', taskQueue: 'env', ui: 'http://env' },
    });
  });

  it('counts for nothing where a variable is empty', async () => {
    const names = ['LAKE', 'TIME_ZONE', 'THREADS', 'MEMORY', 'BUILD_ID', 'HOME'].map((name) => `SEGMENTA_${name}`);
    const more = ['ADDRESS', 'NAMESPACE', 'TLS', 'API_KEY', 'TASK_QUEUE', 'UI'].map((name) => `TEMPORAL_${name}`);
    const { config, cwd } = await load(yaml, Object.fromEntries([...names, ...more].map((name) => [name, ''])));
    expect(config).toMatchObject({
      home: join(cwd, '.segmenta'),
      lake: 's3://from/file',
      timeZone: 'America/Lima',
      engine: { threads: 3, memory: '3GB' },
      worker: { deployment: 'file', build: 'file' },
      temporal: {
        address: 'file:1',
        namespace: 'file',
        tls: true,
        apiKey: 'file',
        taskQueue: 'file',
        ui: 'http://file',
      },
    });
  });

  it.each([
    [
      { SEGMENTA_TIME_ZONE: 'Bogota' },
      "SEGMENTA_TIME_ZONE: Expected an IANA time zone such as 'America/Bogota', got 'Bogota'",
    ],
    [{ SEGMENTA_THREADS: 'all' }, 'SEGMENTA_THREADS: Expected a whole number of at least 1'],
    [{ SEGMENTA_THREADS: '0' }, 'SEGMENTA_THREADS: Expected a whole number of at least 1'],
    [{ SEGMENTA_THREADS: '1.5' }, 'SEGMENTA_THREADS: Expected a whole number of at least 1'],
    [{ SEGMENTA_MEMORY: '2' }, "SEGMENTA_MEMORY: Expected a size such as '2GB'"],
    [{ TEMPORAL_TLS: 'perhaps' }, 'TEMPORAL_TLS: Expected true or false'],
    [{ TEMPORAL_UI: 'localhost' }, 'TEMPORAL_UI: Expected a URL'],
  ])('is refused with the name of the variable: %j', async (env, message) => {
    expect(await refusal(yaml, env)).toBe(`environment: ${message}`);
  });

  it.each(['1', 'true', 'TRUE', 'yes'])('TEMPORAL_TLS=%s means yes', async (value) => {
    expect((await load(SOURCES, { TEMPORAL_TLS: value })).config.temporal.tls).toBe(true);
  });
});
