import { cacheKey } from '../dag/cache-key.js';
import type { CacheKeyParts } from '../dag/cache-key.js';
import { resolveStored } from '../lake/list-store.js';
import type { ObjectStore } from '../lake/object-store.js';
import type { ActivityDefinition } from './define-activity.js';
import { ENGINE_VERSION } from './engine-version.js';

/** What the result of a task depends on. */
export interface TaskKey<Input> {
  /** With every stored list in its place. */
  readonly input: Input;
  readonly parts: CacheKeyParts;
  readonly key: string;
}

export async function taskKey<Input>(
  definition: ActivityDefinition<Input, unknown>,
  store: ObjectStore,
  task: string,
  given: Input,
): Promise<TaskKey<Input>> {
  // Resolving puts every stored list back in its place: the input has its type again.
  const input = (await resolveStored(store, given)) as Input;
  const fingerprint = await definition.fingerprint?.(input, { store });
  const parts = { task, version: definition.version, engine: ENGINE_VERSION, input, fingerprint };
  return { input, parts, key: cacheKey(parts) };
}
