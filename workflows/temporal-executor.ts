import { CancelledFailure, CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { isTakenOfFailure } from '../dag/dag.js';
import type { Dag } from '../dag/dag.js';
import type { Executor, TaskResult, TaskRun, Underway } from '../dag/executor.js';
import type { ItemOutcome } from '../dag/map-items.js';
import { callTask } from './call-activity.js';
import type { CallContext } from './call-activity.js';
import { failureOf } from './failure.js';
import { holdingSlot } from './pool-slot.js';
import { runMapOnTemporal } from './run-map.js';
import type { MapMemory } from './run-map.js';
import type { CallingRun } from './task-call.js';

export interface ExecutorContext extends CallContext {
  readonly run: CallingRun;
  /** Records of the run that pinned results come from. */
  readonly reuse?: string;
}

/** Runs tasks as activities of the workflow that calls this. */
export function temporalExecutor(dag: Dag, context: ExecutorContext): Omit<Executor, 'onChange'> {
  const memories = new Map<string, MapMemory>();
  const { run: callingRun, reuse } = context;

  const memoryOf = (task: string): MapMemory => {
    const memory = memories.get(task) ?? { items: new Map<number, ItemOutcome>(), chunks: new Map() };
    memories.set(task, memory);
    return memory;
  };

  const mapContext = (task: string) => ({ ...context, takenOfFailure: isTakenOfFailure(dag, task) });

  async function runOne({ task, input, mode, onSlot }: TaskRun): Promise<TaskResult> {
    const call = { run: callingRun, task: task.id, input, mode, ...(reuse === undefined ? {} : { reuse }) };
    if (mode === 'pinned') return callTask(task, call, context);
    return holdingSlot(task, context, { ticket: task.id, onSlot }, async () => callTask(task, call, context));
  }

  const describe: Executor['describe'] = (error) => ({
    ...failureOf(error, dag.tasks),
    cancelled: isCancellation(error),
  });

  return {
    run: (run) => {
      const mapped = run.task.kind.is === 'map' && run.mode !== 'pinned';
      return underway(async () =>
        mapped ? runMapOnTemporal(run, mapContext(run.task.id), memoryOf(run.task.id), describe) : runOne(run),
      );
    },
    sleep: (ms, what) => underway(async () => sleep(ms, { summary: what })),
    // Deterministic: in a workflow this is the time of the event that is worked on.
    now: () => Date.now(),
    describe,
  };
}

/** Work in a scope of its own: it can be called off while the rest of the run goes on. */
export function underway<Result>(work: () => Promise<Result>): Underway<Result> {
  const scope = new CancellationScope();
  const done = scope.run(async () => {
    if (scope.consideredCancelled) throw new CancelledFailure('called off before it began');
    return work();
  });
  return { done, cancel: () => scope.cancel() };
}
