import { proxyActivities } from '@temporalio/workflow';
import type { TaskSpec } from '../dag/dag.js';
import { isStoredList } from '../dag/stored-list.js';
import type { StoredList } from '../dag/stored-list.js';
import type { CallingRun, GatherCall, RunActivities } from './task-call.js';

/** What a whole map says of itself. */
export type Summary = NonNullable<GatherCall['whole']>;

/** Characters of JSON in one payload: below its limit, also where a character takes two bytes. */
const BATCH = 8_000;

const { gatherItems } = proxyActivities<Pick<RunActivities, 'gatherItems'>>({ startToCloseTimeout: '5 minutes' });

/** One list of outputs, in the lake where it is long: no payload on the way holds more than a batch. */
export async function gather(
  run: CallingRun,
  task: TaskSpec,
  outputs: readonly unknown[],
  whole?: Summary,
): Promise<readonly unknown[] | StoredList> {
  const call = { run, task: task.id };
  const batches = inBatches(outputs);
  const said = whole === undefined ? {} : { whole };
  if (batches.length <= 1) return gatherItems({ ...call, values: outputs, parts: [], ...said });
  const lists = await Promise.all(batches.map(async (values) => gatherItems({ ...call, values, parts: [] })));
  return gatherLists(run, task, lists, whole);
}

/** One list of several, in their order. */
export async function gatherLists(
  run: CallingRun,
  task: TaskSpec,
  lists: readonly (readonly unknown[] | StoredList)[],
  whole?: Summary,
): Promise<readonly unknown[] | StoredList> {
  const call = { run, task: task.id };
  const stored = await Promise.all(
    lists.map(async (list) =>
      isStoredList(list) ? list : gatherItems({ ...call, values: list, parts: [], store: true }),
    ),
  );
  let parts = stored.flatMap((list) => (isStoredList(list) ? list.parts : []));
  for (let groups = inBatches(parts); groups.length > 1; groups = inBatches(parts)) {
    const joined = await Promise.all(
      groups.map(async (group) => gatherItems({ ...call, values: [], parts: group, store: true })),
    );
    parts = joined.flatMap((list) => (isStoredList(list) ? list.parts : []));
  }
  return gatherItems({ ...call, values: [], parts, ...(whole === undefined ? {} : { whole }) });
}

function inBatches<Value>(values: readonly Value[]): Value[][] {
  const batches: Value[][] = [];
  let room = 0;
  for (const value of values) {
    const size = (JSON.stringify(value) ?? '').length + 1;
    const batch = batches.at(-1);
    if (batch === undefined || size > room) {
      batches.push([value]);
      room = BATCH - size;
    } else {
      batch.push(value);
      room -= size;
    }
  }
  return batches;
}
