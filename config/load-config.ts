import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, isAbsolute, join, posix, resolve, sep } from 'node:path';
import { escapePath, isDynamicPattern } from 'tinyglobby';
import { parse } from 'yaml';
import type { Callback } from '../dag/callback.js';
import { isCustomerSource } from './any-source.js';
import type { AnySource } from './any-source.js';
import { BadConfig, badConfig } from './bad-config.js';
import { withSecrets } from './callbacks.js';
import { configSchema } from './config-schema.js';
import type { ConfigFile } from './config-schema.js';
import { environmentOverrides } from './environment.js';
import { lakeUrl } from './lake-url.js';

/** The configuration as the rest of the program takes it: defaults filled in, paths absolute, environment applied. */
export interface Config {
  /** The file it came from; undefined where there was none. */
  readonly file: string | undefined;
  /** Folder of everything this machine keeps: `temporal/`, `cache/`, `logs/`, and the lake unless it lies elsewhere. */
  readonly home: string;
  readonly lake: string;
  readonly s3: ConfigFile['s3'];
  readonly temporal: ConfigFile['temporal'];
  readonly timeZone: string;
  readonly engine: { readonly threads: number; readonly memory: string };
  readonly worker: ConfigFile['worker'];
  readonly sources: { readonly [name: string]: AnySource };
  readonly dags: ConfigFile['dags'];
  readonly pools: ConfigFile['pools'];
  readonly keep: ConfigFile['keep'];
  /** With their secrets: not to be printed, nor handed to a workflow. */
  readonly callbacks: readonly Callback[];
  readonly metrics: ConfigFile['metrics'];
  readonly schedules: ConfigFile['schedules'];
}

export interface LoadConfigOptions {
  /** By default SEGMENTA_CONFIG, else `segmenta.yaml` in `cwd`, which alone may be absent: then all is at its default. */
  readonly file?: string | undefined;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

const USUAL_FILE = 'segmenta.yaml';

/** Reads, checks and completes the configuration. Every error is a `BadConfig` that names the file and the key. */
export async function loadConfig({ file, cwd, env }: LoadConfigOptions): Promise<Config> {
  const named = file ?? (env.SEGMENTA_CONFIG || undefined);
  const path = resolve(cwd, named ?? USUAL_FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    // Servers, workers and readers of what is published get by on the defaults and the environment.
    if (named === undefined && isAbsent(error)) return undefined;
    throw new BadConfig(
      `Expected a configuration at ${path}: write one, or name one with --config (configs/ has ready ones)`,
      { cause: error },
    );
  });
  const parsed = configSchema.safeParse(text === undefined ? {} : parseYaml(path, text));
  if (!parsed.success) throw badConfig(path, parsed.error);
  const folder = dirname(path);
  const home = resolve(cwd, env.SEGMENTA_HOME || '.segmenta');
  const lake = lakeUrl(parsed.data.lake ?? join(home, 'lake'), folder, `${path}: lake`);
  const said = environmentOverrides({ ...parsed.data, lake }, cwd, env);
  const sources = Object.entries(said.sources).map(([name, source]) => [name, absoluteSource(folder, name, source)]);
  return {
    file: text === undefined ? undefined : path,
    home,
    lake: said.lake ?? lake,
    s3: said.s3,
    temporal: said.temporal,
    timeZone: said.timeZone,
    engine: { threads: said.engine.threads ?? availableParallelism(), memory: said.engine.memory },
    worker: said.worker,
    sources: Object.fromEntries(sources),
    dags: said.dags,
    pools: said.pools,
    keep: said.keep,
    callbacks: withSecrets(path, said.callbacks, env),
    metrics: said.metrics,
    schedules: said.schedules,
  };
}

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text) ?? {};
  } catch (error) {
    throw new BadConfig(`${path} is not YAML: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Paths are relative to the file that says them, wherever the command is run; its folder is no part of a glob. */
function absoluteSource(folder: string, name: string, source: ConfigFile['sources'][string]): AnySource {
  const absolute = (path: string): string => {
    if (path.startsWith('lake:') || isAbsolute(path)) return path;
    return isDynamicPattern(path) ? posix.join(escapePath(folder.replaceAll(sep, '/')), path) : join(folder, path);
  };
  if (isCustomerSource(source)) return { ...source, name, path: source.path.map(absolute) };
  const files = Object.entries(source.files).map(([set, entry]) => [set, { ...entry, path: entry.path.map(absolute) }]);
  return { ...source, name, files: Object.fromEntries(files) };
}
