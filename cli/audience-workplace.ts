import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TaskContext } from '../activities/define-activity.js';
import { withScratch } from '../activities/scratch-folder.js';
import type { Config } from '../config/load-config.js';
import { KernelThreads } from '../kernels/threads/kernel-threads.js';
import { openArtifact, putArtifact } from '../lake/artifact-store.js';
import { DuckDb } from '../lake/duckdb.js';
import type { ObjectStore } from '../lake/object-store.js';

/** A task's context for work that a person does from the command line: without heartbeats, records and memory. */
export async function atWork<Result>(
  config: Config,
  store: ObjectStore,
  who: string,
  use: (context: TaskContext) => Promise<Result>,
): Promise<Result> {
  const cacheFolder = join(config.home, 'cache');
  const threads = new KernelThreads({ threads: config.engine.threads });
  try {
    return await withScratch(cacheFolder, 'audience', async (scratch) =>
      use({
        store,
        cacheFolder,
        scratch,
        threads,
        signal: new AbortController().signal,
        isRefresh: false,
        run: `audience/${who}/${randomUUID()}`,
        progress: () => {},
        transferring: async (_what, work) => work,
        open: async (artifact) => openArtifact(store, cacheFolder, artifact),
        put: async (kind, file, description) => putArtifact(store, kind, file, description),
        withDuckDb: async (timeZone, use) => {
          const { threads, memory: memoryLimit } = config.engine;
          const db = await DuckDb.open({ threads, memoryLimit, spillFolder: join(scratch, 'spill'), timeZone });
          try {
            return await use(db, () => {});
          } finally {
            await db.close();
          }
        },
      }),
    );
  } finally {
    await threads.close();
  }
}
