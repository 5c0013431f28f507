import { join } from 'node:path';
import type { Json } from '../dag/artifact.js';
import { keyFacts } from '../dag/cache-key.js';
import type { CacheMode } from '../dag/dag.js';
import type { TaskResult } from '../dag/executor.js';
import { PermanentError } from '../dag/permanent-error.js';
import type { KernelThreads } from '../kernels/threads/kernel-threads.js';
import { openArtifact, putArtifact } from '../lake/artifact-store.js';
import { DuckDb } from '../lake/duckdb.js';
import type { ObjectStore } from '../lake/object-store.js';
import { storeLongLists } from '../lake/list-store.js';
import { keepReferenced, lastSighting } from '../lake/keep-objects.js';
import type { Sighting } from '../lake/keep-objects.js';
import { namesArtifacts } from '../lake/named-keys.js';
import { recallResult, rememberResult } from '../lake/result-cache.js';
import { writeClaim, writeTaskRecord } from '../lake/run-records.js';
import type { ActivityDefinition, TaskContext } from './define-activity.js';
import { pinnedRecord } from './pinned-result.js';
import { withScratch } from './scratch-folder.js';
import { taskKey } from './task-key.js';
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
  /** The run, for people: `segmentation/2017-07-03`. */
  readonly run: string;
  /** Where the run's records lie. */
  readonly record: string;
  readonly mode: CacheMode | 'pinned';
  /** Records of the run that a pinned result comes from. */
  readonly reuse?: string;
  /** Which item of a map. */
  readonly item?: number;
  /** 1 for the first. */
  readonly attempt: number;
  readonly signal: AbortSignal;
  heartbeat(detail: { readonly [what: string]: Json }): void;
}

/** A handle is small whatever the data: rows belong in an artifact. */
const PAYLOAD_LIMIT = 16 * 1024;

/** A sensor has to look again. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
}

/**
 * Runs one attempt of a task: gives back the remembered result where the same work was done before, else does it in a
 * scratch folder of its own and remembers what came out. Either way the run's records say what it gave.
 */
export async function runActivity<Input, Output>(
  definition: ActivityDefinition<Input, Output>,
  deps: ActivityDeps,
  attempt: Attempt,
  given: Input,
): Promise<TaskResult> {
  const { store } = deps;
  const { task, record } = attempt;
  const startedAt = new Date().toISOString();
  // Before anything is found to be there: what gc removes after this is looked for again at the end.
  const sighting = await lastSighting(store);
  const transferring = beating(attempt);
  if (attempt.mode === 'pinned') return transferring('looking for the result', recallPinned(store, attempt, sighting));
  const mode = definition.cache === 'never' ? 'never' : attempt.mode;
  const looking = 'looking at the source';
  const { input, parts, key } = await transferring(looking, taskKey(definition, store, task, given));
  const recorded = async (result: TaskResult): Promise<TaskResult> => {
    const attempts = attempt.attempt;
    // Of a map there is a record of the whole; what was skipped gave nothing to a later run.
    if (result.skipped !== undefined) return { ...result, attempts };
    if (attempt.item === undefined) {
      const endedAt = new Date().toISOString();
      await writeTaskRecord(store, record, { task, ...result, attempts, startedAt, endedAt, key: keyFacts(parts) });
    } else if (namesArtifacts(result.output)) {
      await writeClaim(store, record, `${task}/${attempt.item}`, result.output);
    }
    await transferring('keeping the result', keepReferenced(store, result.output, sighting));
    return { ...result, attempts };
  };

  if (mode === 'by-content') {
    const known = await transferring('looking for the result', recallResult(store, task, key));
    if (known !== undefined) return recorded({ ...known, cached: true });
  }
  const made = await withScratch(deps.cacheFolder, task, async (scratch) =>
    definition.run(input, taskContext(deps, attempt, scratch)),
  );
  if ('skip' in made) {
    const skipped = { output: null, skipped: made.skip };
    if (mode !== 'never') await transferring('remembering the result', rememberResult(store, task, key, skipped));
    return { ...skipped, cached: false, attempts: attempt.attempt };
  }
  if ('notYet' in made) throw new NotYet(made.notYet);
  const { note, unchanged } = made;
  const output = await storeLongLists(store, made.output);
  checkSize(task, output);
  if (mode !== 'never') {
    const again = await transferring(looking, taskKey(definition, store, task, given));
    if (again.key !== key) throw new Error(`What ${task} reads changed while it was read: trying again`);
    await transferring('remembering the result', rememberResult(store, task, key, { output, note }));
  }
  return recorded({ output, note, cached: unchanged === true });
}

function checkSize(task: string, output: unknown): void {
  const size = Buffer.byteLength(JSON.stringify(output) ?? '');
  if (size <= PAYLOAD_LIMIT) return;
  throw new PermanentError(
    `Expected the output of ${task} to take at most ${PAYLOAD_LIMIT} bytes, got ${size}: put rows into an artifact`,
  );
}

async function recallPinned(
  store: ObjectStore,
  { task, reuse, record }: Attempt,
  sighting: Sighting,
): Promise<TaskResult> {
  const known = await pinnedRecord(store, task, reuse);
  await writeTaskRecord(store, record, known);
  await keepReferenced(store, known.output, sighting);
  return { output: known.output, cached: true, note: `pinned to ${reuse?.split('/').at(-1)}` };
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
    isRefresh: attempt.mode === 'refresh',
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
        await db.close();
      }
    },
  };
}
