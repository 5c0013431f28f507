import { keyChanges, keyFacts } from '../dag/cache-key.js';
import type { CacheKeyParts } from '../dag/cache-key.js';
import type { CacheMode, TaskSpec } from '../dag/dag.js';
import type { LookUp } from '../dag/forecast.js';
import type { ObjectStore } from '../lake/object-store.js';
import { recallResult } from '../lake/result-cache.js';
import { readTaskRecord } from '../lake/run-records.js';
import type { ActivityDefinition } from './define-activity.js';
import { pinnedRecord } from './pinned-result.js';
import { taskKey } from './task-key.js';

export interface TaskQuestion {
  readonly task: TaskSpec;
  readonly input: { readonly [name: string]: unknown };
  readonly mode: CacheMode | 'pinned';
  /** Record folders of the date's earlier runs, the newest first. */
  readonly before: readonly string[];
  readonly reuse?: string;
}

/** What a run would find of a task: its result where it is remembered, else why it is not. Writes nothing. */
export async function lookUpTask(
  definitions: { readonly [name: string]: ActivityDefinition<never, unknown> },
  store: ObjectStore,
  { task, input, mode, before, reuse }: TaskQuestion,
): Promise<LookUp> {
  if (mode === 'pinned') {
    const { output } = await pinnedRecord(store, task.id, reuse);
    return { verdict: 'pinned', output, why: `to ${reuse?.split('/').at(-1)}` };
  }
  const definition = definitions[task.activity];
  if (definition === undefined) throw new RangeError(`Expected an activity called ${task.activity}, got none`);
  if (definition.peek !== undefined) {
    // The DAG's types pair every activity with its input.
    const seen = await definition.peek(input as never, { store });
    if ('notYet' in seen) return { verdict: 'wait', why: seen.notYet };
    return 'output' in seen
      ? { verdict: 'cached', output: seen.output, why: `there already: ${seen.note}` }
      : { verdict: 'skipped', why: seen.skip };
  }
  if (definition.cache === 'never') return { verdict: 'compute', why: 'has an effect: made sure of in every run' };
  const { key, parts } = await taskKey(definition, store, task.id, input as never);
  if (mode !== 'by-content') return { verdict: 'compute', why: `its cache is \`${mode}\` in this run` };
  const known = await recallResult(store, task.id, key);
  if (known?.skipped !== undefined) return { verdict: 'skipped', why: known.skipped };
  if (known !== undefined) return { verdict: 'cached', output: known.output, why: known.note ?? '' };
  return { verdict: 'compute', why: await whyNot(store, task.id, parts, before) };
}

/** Compared with the newest run of the date that had a result. */
async function whyNot(
  store: ObjectStore,
  task: string,
  parts: CacheKeyParts,
  before: readonly string[],
): Promise<string> {
  for (const folder of before) {
    const record = await readTaskRecord(store, folder, task);
    if (record?.key === undefined) continue;
    const changes = keyChanges(record.key, keyFacts(parts));
    return changes.length === 0 ? 'its result is not in the lake any more' : changes.join('; ');
  }
  return 'not computed with these inputs before';
}
