import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActivityDeps } from '../activities/run-activity.js';
import type { Config } from '../config/load-config.js';
import { KernelThreads } from '../kernels/threads/kernel-threads.js';
import { openStore } from '../lake/open-store.js';

/** What activities need to run in this process. Close `threads` when done. */
export async function activityDeps(config: Config): Promise<ActivityDeps> {
  const cacheFolder = join(config.home, 'cache');
  await mkdir(cacheFolder, { recursive: true });
  return {
    store: openStore(config.lake, config.s3),
    cacheFolder,
    threads: new KernelThreads({ threads: config.engine.threads }),
    queryThreads: config.engine.threads,
    queryMemory: config.engine.memory,
  };
}
