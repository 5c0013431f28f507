import { join } from 'node:path';
import type { ActivityDefinition } from '../../activities/define-activity.js';
import { runActivity } from '../../activities/run-activity.js';
import type { ActivityDeps } from '../../activities/run-activity.js';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import { openStore } from '../../lake/open-store.js';
import { workspace } from './run-segmentation.js';
import type { Workspace } from './run-segmentation.js';

/** A workspace with what activities work with over its lake, whose threads end before it is removed. */
export interface TaskWorkspace extends Workspace {
  readonly deps: ActivityDeps;
}

export async function taskWorkspace(threads: number): Promise<TaskWorkspace> {
  const space = await workspace();
  const deps = depsOver(space, threads);
  return {
    ...space,
    deps,
    remove: async () => {
      await deps.threads.close();
      await space.remove();
    },
  };
}

/** What activities work with, over the workspace's lake. Close its threads. */
export const depsOver = (space: Workspace, threads: number): ActivityDeps => ({
  store: openStore(space.lake),
  cacheFolder: join(space.folder, '.segmenta/cache'),
  threads: new KernelThreads({ threads }),
  queryThreads: 2,
  queryMemory: '1GB',
});

/** The output of one task, computed also where the lake has one. */
export async function outputOf<Input, Output>(
  deps: ActivityDeps,
  definition: ActivityDefinition<Input, Output>,
  input: Input,
): Promise<Output> {
  const attempt = { task: 'tried', run: 'test', record: 'runs/test', mode: 'refresh', attempt: 1 } as const;
  const { signal } = new AbortController();
  // Optional in the type, for tasks that may skip themselves: these do not.
  return (await runActivity(definition, deps, { ...attempt, signal, heartbeat: () => {} }, input)).output as Output;
}
