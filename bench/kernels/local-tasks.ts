import { mkdir, mkdtemp } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ActivityDeps } from '../../activities/run-activity.js';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import { openStore } from '../../lake/open-store.js';

export const QUERY_MEMORY = '2GB';

/** What tasks need that run in this process, on all cores. */
export async function localTasks(folder: string): Promise<Omit<ActivityDeps, 'store'>> {
  const cacheFolder = join(folder, 'cache');
  await mkdir(cacheFolder, { recursive: true });
  const threads = new KernelThreads({ threads: availableParallelism() });
  return { cacheFolder, threads, queryThreads: availableParallelism(), queryMemory: QUERY_MEMORY };
}

/** A lake in which nothing is remembered. */
export const newLake = async (folder: string): Promise<ActivityDeps['store']> =>
  openStore(await mkdtemp(join(folder, 'lake-')));
