import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, isExecutable } from './find-executable.js';
import { firstThatWorks } from './first-that-works.js';
import { runCommand } from './run-command.js';

const VERSION = '1.8.0';
const MODULE = `github.com/versity/versitygw/cmd/versitygw@v${VERSION}`;

/** It compiles some hundred packages, on a small machine for minutes. */
const BUILD_TIMEOUT_MS = 900_000;

export interface VersitygwRequest {
  readonly cacheDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

/** Path of versitygw, an S3 server over a folder: on `PATH`, in the cache, or built by Go into it. Throws with all that was tried. */
export function findVersitygw({ cacheDir, env, log }: VersitygwRequest): Promise<string> {
  const cached = join(cacheDir, `versitygw-${VERSION}`);
  return firstThatWorks(
    'S3 gateway (versitygw)',
    [
      { name: '`versitygw` on PATH', find: () => findOnPath('versitygw', env) },
      { name: `the cache, ${cached}`, find: async () => ((await isExecutable(cached)) ? cached : undefined) },
      {
        name: `go install ${MODULE}`,
        find: async () => {
          log(`Building versitygw ${VERSION} with Go, once`);
          await build(cached, cacheDir, env);
          return cached;
        },
      },
    ],
    'Install Go (https://go.dev/dl) or versitygw, or set SEGMENTA_TEST_S3_ENDPOINT, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to an S3 server for tests.',
  );
}

async function build(target: string, cacheDir: string, env: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const scratch = await mkdtemp(join(cacheDir, '.go-'));
  try {
    await runCommand('go', ['install', MODULE], {
      cwd: scratch,
      timeoutMs: BUILD_TIMEOUT_MS,
      env: {
        ...env,
        GOBIN: join(scratch, 'bin'),
        GOPATH: join(scratch, 'path'),
        GOMODCACHE: join(scratch, 'path', 'mod'),
        GOCACHE: join(scratch, 'cache'),
        // Go's module cache is read-only otherwise, and could not be removed below.
        GOFLAGS: `${env['GOFLAGS'] ?? ''} -modcacherw`.trim(),
      },
    });
    await rename(join(scratch, 'bin', 'versitygw'), target);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
