import { artifactsIn } from '../dag/artifact.js';
import { missingArtifact } from './list-store.js';
import type { ObjectStore } from './object-store.js';
import { isKey } from './object-store.js';
import { jsonOf } from './read-json.js';
import { ObjectNotFound } from './store-errors.js';

/** What is remembered of a task's run. */
export interface CachedResult {
  readonly output: unknown;
  readonly note?: string;
  /** It chose not to run, and why; then there is no output. */
  readonly skipped?: string;
}

const entryKey = (task: string, key: string): string => `cache/${task}/${key}.json`;

/**
 * The remembered result of a task, where there is one and every artifact it names is still in the lake.
 * A damaged entry counts as none: the task is computed again and the entry replaced.
 */
export async function recallResult(store: ObjectStore, task: string, key: string): Promise<CachedResult | undefined> {
  const bytes = await store.read(entryKey(task, key)).catch((error: unknown) => {
    if (error instanceof ObjectNotFound) return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const result = parseEntry(Buffer.from(bytes).toString('utf8'));
  if (result === undefined) return undefined;
  const artifacts = artifactsIn(result.output);
  // No task names its artifacts otherwise: the entry is damaged.
  if (!artifacts.every(({ uri }) => typeof uri === 'string' && isKey(uri))) return undefined;
  return (await missingArtifact(store, result.output)) === undefined ? result : undefined;
}

/** Written after the artifacts, so that an entry never names bytes that were not there. */
export async function rememberResult(
  store: ObjectStore,
  task: string,
  key: string,
  result: CachedResult,
): Promise<void> {
  await store.write(entryKey(task, key), JSON.stringify(result));
}

function parseEntry(json: string): CachedResult | undefined {
  const entry = jsonOf(json);
  // Only `rememberResult` writes here: an entry has the shape that it gave, or is damaged.
  return typeof entry === 'object' && entry !== null && 'output' in entry ? entry : undefined;
}
