import { join } from 'node:path';
import type { Json } from '../dag/artifact.js';
import { cacheKey } from '../dag/cache-key.js';
import type { TaskResult } from '../dag/execute.js';
import { PermanentError } from '../dag/permanent-error.js';
import type { KernelThreads } from '../kernels/threads/kernel-threads.js';
import { openArtifact, putArtifact } from '../lake/artifact-store.js';
import { DuckDb } from '../lake/duckdb.js';
import type { ObjectStore } from '../lake/object-store.js';
import { recallResult, rememberResult } from '../lake/result-cache.js';
import type { ActivityDefinition, TaskContext } from './define-activity.js';
import { ENGINE_VERSION } from './engine-version.js';
import { withScratch } from './scratch-folder.js';
import { watchQuery } from './watch-query.js';

/** What a worker holds and its activities share. */
export interface ActivityDeps {
  readonly store: ObjectStore;
  readonly cacheFolder: string;
  readonly threads: KernelThreads;
  readonly queryThreads: number;
  /** DuckDB's notation, for each query at work: `2GB`. */
  readonly queryMemory: string;
}

/** What differs from one attempt to the next; on Temporal it comes from the activity's own context. */
export interface Attempt {
  readonly task: string;
  readonly run: string;
  readonly signal: AbortSignal;
  heartbeat(detail: { readonly [what: string]: Json }): void;
}

/** A handle is small whatever the data: rows belong in an artifact. */
const PAYLOAD_LIMIT = 16 * 1024;

/**
 * Runs one attempt of a task: gives back the remembered result where the same work was done before, else does it in a
 * scratch folder of its own and remembers what came out.
 */
export async function runActivity<Input, Output>(
  definition: ActivityDefinition<Input, Output>,
  deps: ActivityDeps,
  attempt: Attempt,
  input: Input,
): Promise<TaskResult<Output>> {
  const { store } = deps;
  const transferring = beating(attempt);
  const takeFingerprint = async (): Promise<unknown> =>
    transferring('looking at the source', Promise.resolve(definition.fingerprint?.(input, { store })));
  const fingerprint = await takeFingerprint();
  const { task } = attempt;
  const key = cacheKey({ task, version: definition.version, engine: ENGINE_VERSION, input, fingerprint });
  if (definition.cache === 'by-content') {
    const known = await transferring('looking for the result', recallResult(store, task, key));
    // The key holds task and version: what was remembered under it is this definition's output.
    if (known !== undefined) return { ...known, output: known.output as Output, cached: true };
  }
  const { output, note, unchanged } = await withScratch(deps.cacheFolder, task, async (scratch) =>
    definition.run(input, taskContext(deps, attempt, scratch)),
  );
  const size = Buffer.byteLength(JSON.stringify(output) ?? '');
  if (size > PAYLOAD_LIMIT) {
    throw new PermanentError(
      `Expected the output of ${task} to take at most ${PAYLOAD_LIMIT} bytes, got ${size}: put rows into an artifact`,
    );
  }
  if (definition.cache === 'by-content') {
    const again = await takeFingerprint();
    if (JSON.stringify(again) !== JSON.stringify(fingerprint)) {
      throw new Error(`What ${task} reads changed while it was read: trying again`);
    }
    await transferring('remembering the result', rememberResult(store, task, key, { output, note }));
  }
  return { output, note, cached: unchanged === true };
}

const TRANSFER_BEAT_MS = 5_000;

/** Sends heartbeats while a store works: its calls end by their own timeouts, which are longer than a heartbeat's. */
function beating(attempt: Attempt): TaskContext['transferring'] {
  return async (what, work) => {
    const timer = setInterval(() => attempt.heartbeat({ phase: what }), TRANSFER_BEAT_MS);
    try {
      return await work;
    } finally {
      clearInterval(timer);
    }
  };
}

function taskContext(deps: ActivityDeps, attempt: Attempt, scratch: string): TaskContext {
  const { store, cacheFolder, threads } = deps;
  const { signal, run } = attempt;
  const transferring = beating(attempt);
  return {
    store,
    cacheFolder,
    scratch,
    threads,
    signal,
    run,
    progress: (detail) => attempt.heartbeat(detail),
    transferring,
    open: (artifact) => transferring(`reading ${artifact.kind}`, openArtifact(store, cacheFolder, artifact)),
    put: (kind, file, description) => transferring(`writing ${kind}`, putArtifact(store, kind, file, description)),
    withDuckDb: async (timeZone, use) => {
      signal.throwIfAborted();
      const spillFolder = join(scratch, 'spill');
      const { queryThreads, queryMemory } = deps;
      const db = await DuckDb.open({ threads: queryThreads, memoryLimit: queryMemory, spillFolder, timeZone });
      const watch = watchQuery(db, signal, (detail) => attempt.heartbeat(detail));
      try {
        return await use(db, (name) => watch.phase(name));
      } catch (error) {
        // An interrupted query fails with DuckDB's words; what stopped it is the reason of the abort.
        signal.throwIfAborted();
        throw error;
      } finally {
        watch.stop();
        db.close();
      }
    },
  };
}
