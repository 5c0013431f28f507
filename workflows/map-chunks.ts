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
import type { ItemOutcome } from '../dag/map-items.js';
import type { ItemState } from '../dag/run-state.js';
import { hasFailures, packItems, unpackItems } from './chunk-result.js';
import type { ChunkResult } from './chunk-result.js';
import { failureOf } from './failure.js';
import { gatherInto } from './gather.js';
import { runItems } from './run-items.js';
import type { MapContext } from './run-items.js';

/** A part of a map, as a child workflow gets it. */
export interface ChunkCall extends MapContext {
  readonly task: TaskSpec;
  readonly input: TaskRun['input'];
  readonly mode: TaskRun['mode'];
  readonly range: readonly [from: number, to: number];
  readonly concurrency: number;
  /** What came of these items in an earlier try of the map: those that came to something are not done again. */
  readonly earlier?: ChunkResult;
}

/** Items of a child workflow: about 3,000 events. */
const CHUNK = 250;
/** Child workflows of one map at once. */
const LANES = 4;

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
      const earlier = memory.get(from);
      const chunk = {
        run: callingRun,
        fecha,
        priority,
        task,
        input,
        mode,
        range: [from, to] as const,
        concurrency: share,
        ...(earlier === undefined ? {} : { earlier }),
      };
      if (earlier === undefined || hasFailures(earlier)) {
        const before =
          earlier === undefined ? Array.from({ length: to - from }, () => undefined) : unpackItems(earlier);
        show(
          from,
          before.map((item) => (item === undefined || item.state === 'failed' ? { state: 'running' } : item)),
        );
        memory.set(from, await runChunk(chunk));
      }
      const result = memory.get(from);
      if (result !== undefined) show(from, unpackItems(result));
    }
  };
  const shares = Array.from(
    { length: lanes },
    (_, i) => Math.floor(concurrency / lanes) + (i < concurrency % lanes ? 1 : 0),
  );
  const ends = await Promise.allSettled(shares.map(lane));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  if (scope.consideredCancelled) throw new CancelledFailure(`${task.id} was called off`);
  return starts.flatMap((from) => memory.get(from) ?? []);
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
  const { items, outputs } = await runItems(run, chunk, memoryOf(chunk), describe);
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure(`${task.id} was called off`);
  const added = outputs.flatMap((output, place) => (output === EARLIER ? [] : [{ place, output }]));
  return { ...packItems(items), outputs: await gatherInto(chunk.run, task, chunk.earlier?.outputs ?? [], added) };
}

/** Stands for an output that is in the list of an earlier try. */
const EARLIER = Symbol('earlier');

function memoryOf({ earlier, range: [from] }: ChunkCall): Map<number, ItemOutcome> {
  const memory = new Map<number, ItemOutcome>();
  const items = earlier === undefined ? [] : unpackItems(earlier);
  for (const [place, { state, cached = false }] of items.entries()) {
    if (state === 'success') memory.set(from + place, { state, output: EARLIER, cached });
    if (state === 'skipped') memory.set(from + place, { state });
  }
  return memory;
}
