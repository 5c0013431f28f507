import type { Executor, TaskResult, TaskRun } from '../dag/executor.js';
import { expectNoFailure, itemCount, mapResult } from '../dag/map-items.js';
import type { ItemOutcome } from '../dag/map-items.js';
import type { ItemState } from '../dag/run-state.js';
import { gather, gatherLists } from './gather.js';
import type { Summary } from './gather.js';
import { unpackItems } from './chunk-result.js';
import type { ChunkResult } from './chunk-result.js';
import { runChunks } from './map-chunks.js';
import { runItems } from './run-items.js';
import type { MapContext } from './run-items.js';

/** What a map keeps while its run holds it: what came to something is not done again. */
export interface MapMemory {
  readonly items: Map<number, ItemOutcome>;
  readonly chunks: Map<number, ChunkResult>;
}

/** Up to so many items are activities of the run itself. */
const IN_PLACE = 300;

export async function runMapOnTemporal(
  run: TaskRun,
  context: MapContext,
  memory: MapMemory,
  describe: Executor['describe'],
): Promise<TaskResult> {
  const { task, input } = run;
  if (task.kind.is !== 'map') throw new TypeError(`Expected ${task.id} to be a map`);
  const startedAt = Date.now();
  const count = itemCount(task, input);
  const whole = (items: readonly ItemState[]): Summary => {
    expectNoFailure(items);
    const { note = '', cached } = mapResult(undefined, items);
    return { note, cached, startedAt };
  };
  if (count <= IN_PLACE) {
    const { concurrency } = task.kind;
    const { outputs, items } = await runItems(run, { ...context, concurrency }, memory.items, describe);
    return mapResult(await gather(context.run, task, outputs, whole(items)), items);
  }
  const chunks = await runChunks(run, context, memory.chunks, count, task.kind.concurrency);
  const items = chunks.flatMap(unpackItems);
  const summary = whole(items);
  const lists = chunks.map(({ outputs }) => outputs);
  return mapResult(await gatherLists(context.run, task, lists, summary), items);
}
