import { CancellationScope } from '@temporalio/workflow';
import type { Executor, TaskRun } from '../dag/executor.js';
import { runMap } from '../dag/map-items.js';
import type { ItemOutcome, MapOutcome } from '../dag/map-items.js';
import { callTask } from './call-activity.js';
import type { CallContext } from './call-activity.js';
import { holdingSlot } from './pool-slot.js';
import type { CallingRun } from './task-call.js';

export interface MapContext extends CallContext {
  readonly run: CallingRun;
}

/** The items of a map, or of a part of one, as activities of this workflow. */
export async function runItems(
  run: TaskRun,
  context: MapContext & { readonly concurrency: number; readonly range?: readonly [from: number, to: number] },
  memory: Map<number, ItemOutcome>,
  describe: Executor['describe'],
): Promise<MapOutcome> {
  const { task, mode } = run;
  const scope = CancellationScope.current();
  return runMap({
    ...run,
    ...(context.range === undefined ? {} : { range: context.range }),
    concurrency: context.concurrency,
    memory,
    describe,
    stopped: () => scope.consideredCancelled,
    one: async (input, item) => {
      const call = { run: context.run, task: task.id, input, mode, item };
      const ticket = `${task.id}#${item}`;
      return holdingSlot(task, context, { ticket, onSlot: run.onSlot }, async () => callTask(task, call, context));
    },
  });
}
