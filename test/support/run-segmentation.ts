import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { ALL_ACTIVITIES } from '../../activities/all-activities.js';
import { runActivity } from '../../activities/run-activity.js';
import { activityDeps } from '../../cli/activity-deps.js';
import { loadConfig } from '../../config/load-config.js';
import { runParams } from '../../config/run-params.js';
import type { Artifact, Json } from '../../dag/artifact.js';
import type { Dag } from '../../dag/dag.js';
import { artifactsIn } from '../../dag/artifact.js';
import { executeDag } from '../../dag/execute.js';
import { inProcessExecutor } from '../../dag/in-process-executor.js';
import type { RunState } from '../../dag/run-state.js';
import { segmentationDag } from '../../workflows/segmentation-dag.js';
import { DuckDb } from '../../lake/duckdb.js';
import type { Row } from '../../lake/duckdb.js';

/** A temporary folder with a lake, caches and room for source files. */
export interface Workspace {
  readonly folder: string;
  readonly lake: string;
  remove(): Promise<void>;
}

export async function workspace(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'segmenta-run-'));
  return { folder, lake: join(folder, 'lake'), remove: () => rm(folder, { recursive: true, force: true }) };
}

export interface RunOptions {
  readonly workspace: Workspace;
  readonly fecha: string;
  /** A configuration file of the project, or the sources themselves. */
  readonly config: string | { readonly [source: string]: object };
  readonly params?: { readonly [name: string]: unknown };
  readonly threads?: number;
  /** Another lake than the workspace's: a URL. */
  readonly lake?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  onHeartbeat?(task: string, detail: { readonly [what: string]: Json }): void;
  onChange?(state: RunState): void;
}

export interface SegmentationRun {
  readonly state: RunState;
  readonly outputs: { readonly [name: string]: unknown };
  /** What each task gave and was given, and how often it was tried. */
  readonly tasks: {
    readonly [task: string]: { readonly input: unknown; readonly output: unknown; readonly attempts: number };
  };
  /** By kind. */
  readonly artifacts: { readonly [kind: string]: Artifact };
  /** The local path of an artifact, by kind. */
  path(kind: string): string;
}

/** Runs the segmentation DAG in this process, as `segmenta run --local` does, and keeps what every task gave. */
export const runSegmentation = async (options: RunOptions): Promise<SegmentationRun> =>
  runLocally(segmentationDag, options);

/** Runs a DAG in this process, as `segmenta run --local` does, and keeps what every task gave. */
export async function runLocally(dag: Dag, options: RunOptions): Promise<SegmentationRun> {
  const { workspace, fecha, params = {}, threads = 2, env = {}, signal } = options;
  const lake = options.lake ?? workspace.lake;
  const file =
    typeof options.config === 'string' ? resolve(options.config) : await writeConfig(workspace, options.config);
  const config = await loadConfig({
    file,
    cwd: workspace.folder,
    env: { SEGMENTA_LAKE: lake, SEGMENTA_THREADS: String(threads), ...env },
  });
  const said = Object.entries(params).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const values = runParams<unknown>(config, dag, fecha, said);
  const deps = await activityDeps(config);
  const tasks: { [task: string]: { input: unknown; output: unknown; attempts: number } } = {};
  // The run does not wait for the attempt that it gives up; a test that looks at what is left has to.
  const attempts: Promise<unknown>[] = [];
  try {
    const executor = inProcessExecutor({
      ...(signal === undefined ? {} : { signal }),
      ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
      wait: async () => {},
      attempt: async ({ task, input, mode, attempt: tried }, attemptSignal) => {
        const definition = ALL_ACTIVITIES[task.activity];
        if (definition === undefined) throw new RangeError(`Expected an activity called ${task.activity}, got none`);
        const entry = (tasks[task.id] ??= { input, output: undefined, attempts: 0 });
        entry.attempts += 1;
        const heartbeat = (detail: { readonly [what: string]: Json }): void => options.onHeartbeat?.(task.id, detail);
        const run = `${dag.id}/${fecha}`;
        const place = { task: task.id, run, record: `runs/${run}/test`, mode, attempt: tried };
        const attempt = { ...place, signal: attemptSignal, heartbeat };
        // The DAG's types pair every activity with its input.
        const work = runActivity(definition, deps, attempt, input as never);
        attempts.push(work);
        const result = await work;
        entry.output = result.output;
        return result;
      },
    });
    const { state, outputs } = await executeDag(dag, values, executor);
    await Promise.allSettled(attempts);
    const found = artifactsIn(tasks).map((artifact): [string, Artifact] => [artifact.kind, artifact]);
    const artifacts = Object.fromEntries(found);
    const path = (kind: string): string => {
      const artifact = artifacts[kind];
      if (artifact === undefined)
        throw new RangeError(`Expected an artifact among ${Object.keys(artifacts).join(', ')}, got '${kind}'`);
      return join(workspace.lake, artifact.uri);
    };
    return { state, outputs, tasks, artifacts, path };
  } finally {
    await deps.threads.close();
  }
}

async function writeConfig(workspace: Workspace, sources: { readonly [source: string]: object }): Promise<string> {
  const file = join(workspace.folder, 'segmenta.yaml');
  await writeFile(file, stringify({ sources }));
  return file;
}

/** The states of all tasks; `cached` where a result was remembered. */
export const statesOf = ({ state }: SegmentationRun): { readonly [task: string]: string } =>
  Object.fromEntries(
    Object.entries(state.tasks).map(([task, at]) => [task, at.state === 'success' && at.cached ? 'cached' : at.state]),
  );

/** The error of the one task that failed. */
export function failureOf({ state }: SegmentationRun): { task: string; type: string; message: string } {
  const failed = Object.entries(state.tasks).flatMap(([task, at]) =>
    at.state === 'failed' ? [{ task, type: at.error?.type ?? '', message: at.error?.message ?? '' }] : [],
  );
  const [first, ...others] = failed;
  if (first === undefined || others.length > 0)
    throw new Error(`Expected one failed task, got ${JSON.stringify(state.tasks)}`);
  return first;
}

/** Fails with the tasks' errors unless every task succeeded. */
export function expectSuccess(run: SegmentationRun): SegmentationRun {
  const errors = Object.entries(run.state.tasks).flatMap(([task, at]) =>
    at.state === 'success' ? [] : [`${task}: ${at.state} ${at.error?.message ?? ''}`],
  );
  if (errors.length > 0) throw new Error(errors.join('\n'));
  return run;
}

/** SHA-256 of every artifact, by kind. */
export const hashesOf = ({ artifacts }: SegmentationRun): { readonly [kind: string]: string } =>
  Object.fromEntries(Object.entries(artifacts).map(([kind, { sha256 }]) => [kind, sha256]));

/** SHA-256 of everything a lake has published, logs and exports included, by path below the lake. */
export async function publishedFiles({ lake }: Workspace): Promise<{ readonly [path: string]: string }> {
  const entries = await readdir(lake, { recursive: true, withFileTypes: true }).catch(() => []);
  const hashes: { [path: string]: string } = {};
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name).slice(lake.length + 1);
    if (!entry.isFile() || /^(artifacts|cache|runs|\.segmenta-tmp)\//.test(path)) continue;
    hashes[path] = createHash('sha256')
      .update(await readFile(join(lake, path)))
      .digest('hex');
  }
  return Object.fromEntries(Object.entries(hashes).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The published data without the tables' logs, whose commits are each one of a kind. */
export async function publishedData(space: Workspace): Promise<{ readonly [path: string]: string }> {
  const files = await publishedFiles(space);
  return Object.fromEntries(Object.entries(files).filter(([path]) => !path.includes('/_delta_log/')));
}

/** Rows of one query in a DuckDB of its own. */
export async function query(sql: string): Promise<readonly Row[]> {
  const db = await DuckDb.open({ threads: 2, memoryLimit: '1GB', spillFolder: tmpdir(), timeZone: 'UTC' });
  try {
    return await db.rows(sql);
  } finally {
    await db.close();
  }
}

/** Runs statements (`COPY … TO …`) in a DuckDB of their own. */
export async function execute(sql: string): Promise<void> {
  const db = await DuckDb.open({ threads: 2, memoryLimit: '1GB', spillFolder: tmpdir(), timeZone: 'UTC' });
  try {
    await db.run(sql);
  } finally {
    await db.close();
  }
}

const isCi = !['', '0', 'false', undefined].includes(process.env['CI']);

/**
 * The folder of a real data set, by `SEGMENTA_TEST_DATA` or beside the project; undefined, and said once, where it is
 * not there. In CI its absence is a failure.
 */
export async function realData(name: string): Promise<string | undefined> {
  const folder = join(process.env['SEGMENTA_TEST_DATA'] ?? resolve('../shared/data'), name);
  const there = await readdir(folder).then(
    (files) => files.length > 0,
    () => false,
  );
  if (there) return folder;
  if (isCi) throw new Error(`Expected the data set ${name} in ${folder}: set SEGMENTA_TEST_DATA to where it is`);
  console.warn(`SKIPPED: tests on ${name}, which is not in ${folder} (SEGMENTA_TEST_DATA says where to look)`);
  return undefined;
}
