import type { Executor, TaskResult, TaskRun } from '../dag/executor.js';
import { failureOfItems, itemCount, mapResult } from '../dag/map-items.js';
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

/** A map as activities of the run, or of child workflows. `takenOfFailure`: some task takes what is left of a failed one. */
export async function runMapOnTemporal(
  run: TaskRun,
  context: MapContext & { readonly takenOfFailure: boolean },
  memory: MapMemory,
  describe: Executor['describe'],
): Promise<TaskResult> {
  const { task, input } = run;
  if (task.kind.is !== 'map') throw new TypeError(`Expected ${task.id} to be a map`);
  const { takenOfFailure, ...calls } = context;
  const startedAt = Date.now();
  const count = itemCount(task, input);
  const end = async (
    items: readonly ItemState[],
    gathered: (whole?: Summary) => Promise<unknown>,
  ): Promise<TaskResult> => {
    const failure = failureOfItems(items);
    if (failure !== undefined) throw takenOfFailure ? (failureOfItems(items, await gathered()) ?? failure) : failure;
    const { note = '', cached } = mapResult(undefined, items);
    return mapResult(await gathered({ note, cached, startedAt }), items);
  };
  if (count <= IN_PLACE) {
    const { concurrency } = task.kind;
    const { outputs, items } = await runItems(run, { ...calls, concurrency }, memory.items, describe);
    return end(items, async (whole) => gather(calls.run, task, outputs, whole));
  }
  const chunks = await runChunks(run, calls, memory.chunks, count, task.kind.concurrency);
  const lists = chunks.map(({ outputs }) => outputs);
  return end(chunks.flatMap(unpackItems), async (whole) => gatherLists(calls.run, task, lists, whole));
}
