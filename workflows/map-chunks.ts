import {
  CancellationScope,
  CancelledFailure,
  ChildWorkflowCancellationType,
  executeChild,
  isCancellation,
  workflowInfo,
} from '@temporalio/workflow';
import type { TaskSpec } from '../dag/dag.js';
import type { TaskRun } from '../dag/executor.js';
import type { ItemState } from '../dag/run-state.js';
import type { StoredList } from '../dag/stored-list.js';
import { failureOf } from './failure.js';
import { gather } from './gather.js';
import { runItems } from './run-items.js';
import type { MapContext } from './run-items.js';

/** A part of a map, as a child workflow gets it. */
export interface ChunkCall extends MapContext {
  readonly task: TaskSpec;
  readonly input: TaskRun['input'];
  readonly mode: TaskRun['mode'];
  readonly range: readonly [from: number, to: number];
  readonly concurrency: number;
}

export interface ChunkResult {
  readonly items: readonly ItemState[];
  /** Absent where an item failed. */
  readonly outputs?: readonly unknown[] | StoredList;
}

/** Items of a child workflow: about 3,000 events. */
const CHUNK = 250;
/** Child workflows of one map at once. */
const LANES = 4;
/** Failures that a chunk tells in full words: its result has to fit into a payload. */
const TOLD = 10;
const TOLD_LENGTH = 300;

/** Child workflows side by side, which share the map's concurrency; the next one when one ends. */
export async function runChunks(
  run: TaskRun,
  context: MapContext,
  memory: Map<number, ChunkResult>,
  count: number,
  concurrency: number,
): Promise<readonly ChunkResult[]> {
  const { task, input, mode } = run;
  const starts = Array.from({ length: Math.ceil(count / CHUNK) }, (_, chunk) => chunk * CHUNK);
  const lanes = Math.min(LANES, concurrency, starts.length);
  const scope = CancellationScope.current();
  const items = Array.from({ length: count }, (): ItemState => ({ state: 'waiting' }));
  const show = (from: number, states: readonly ItemState[]): void => {
    items.splice(from, states.length, ...states);
    run.onItems([...items]);
  };
  let next = 0;
  const lane = async (share: number): Promise<void> => {
    for (let from = starts[next++]; from !== undefined; from = starts[next++]) {
      await run.unpaused();
      if (scope.consideredCancelled) return;
      const to = Math.min(from + CHUNK, count);
      const { run: callingRun, fecha, priority } = context;
      const chunk = {
        run: callingRun,
        fecha,
        priority,
        task,
        input,
        mode,
        range: [from, to] as const,
        concurrency: share,
      };
      show(
        from,
        Array.from({ length: to - from }, () => ({ state: 'running' })),
      );
      const known = memory.get(from);
      const result = known ?? (await runChunk(chunk));
      if (result.outputs !== undefined) memory.set(from, result);
      results.set(from, result);
      show(from, result.items);
    }
  };
  const results = new Map<number, ChunkResult>();
  const shares = Array.from(
    { length: lanes },
    (_, i) => Math.floor(concurrency / lanes) + (i < concurrency % lanes ? 1 : 0),
  );
  const ends = await Promise.allSettled(shares.map(lane));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  if (scope.consideredCancelled) throw new CancelledFailure(`${task.id} was called off`);
  return starts.flatMap((from) => results.get(from) ?? []);
}

const runChunk = async (chunk: ChunkCall): Promise<ChunkResult> =>
  executeChild('mapChunk', {
    args: [chunk],
    workflowId: `${workflowInfo().workflowId}/${chunk.task.id}/${chunk.range[0]}-${chunk.range[1] - 1}`,
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    staticSummary: `items ${chunk.range[0]} to ${chunk.range[1] - 1} of ${chunk.task.id}`,
    priority: { priorityKey: chunk.priority ?? chunk.task.options.priority },
  }) as Promise<ChunkResult>;

/** The child workflow: items of a map as activities of its own. Failed items are part of its result. */
export async function mapChunk(chunk: ChunkCall): Promise<ChunkResult> {
  const { task, input, mode } = chunk;
  const run: TaskRun = { task, input, mode, onSlot: () => {}, onItems: () => {}, unpaused: async () => {} };
  const describe = (error: unknown) => ({ ...failureOf(error, [task]), cancelled: isCancellation(error) });
  const { items, outputs } = await runItems(run, chunk, new Map(), describe);
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure(`${task.id} was called off`);
  if (items.some(({ state }) => state === 'failed')) return { items: shortened(items) };
  return { items, outputs: await gather(chunk.run, task, outputs) };
}

function shortened(items: readonly ItemState[]): readonly ItemState[] {
  let told = 0;
  return items.map((item) => {
    if (item.error === undefined) return item;
    const { type, message } = item.error;
    told += 1;
    return { ...item, error: { type, message: told > TOLD ? '…' : message.slice(0, TOLD_LENGTH) } };
  });
}
