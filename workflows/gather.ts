import { proxyActivities } from '@temporalio/workflow';
import { TASK_DEFAULTS } from '../dag/dag.js';
import type { TaskSpec } from '../dag/dag.js';
import { RETRY_BACKOFF } from '../dag/retry-policy.js';
import { isStoredList } from '../dag/stored-list.js';
import type { StoredList } from '../dag/stored-list.js';
import type { CallingRun, GatherCall, RunActivities } from './task-call.js';

/** What a whole map says of itself. */
export type Summary = NonNullable<GatherCall['whole']>;

/** Characters of JSON in one payload: below its limit, also where a character takes two bytes. */
const BATCH = 8_000;

const { gatherItems } = proxyActivities<Pick<RunActivities, 'gatherItems'>>({
  startToCloseTimeout: '5 minutes',
  retry: { maximumAttempts: TASK_DEFAULTS.retries + 1, maximumInterval: RETRY_BACKOFF.maximumMs },
});

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

/** The list with further outputs put in, each at the place that it has in the list that comes of it, ascending. */
export async function gatherInto(
  run: CallingRun,
  task: TaskSpec,
  list: readonly unknown[] | StoredList,
  added: readonly { readonly place: number; readonly output: unknown }[],
): Promise<readonly unknown[] | StoredList> {
  if (!isStoredList(list)) {
    const all = [...list];
    for (const { place, output } of added) all.splice(place, 0, output);
    return gather(run, task, all);
  }
  let { parts } = list;
  for (const batch of inBatches(added)) {
    const values = batch.map(({ output }) => output);
    const places = batch.map(({ place }) => place);
    const longer = await gatherItems({ run, task: task.id, values, places, parts });
    if (isStoredList(longer)) ({ parts } = longer);
  }
  const count = parts.reduce((sum, { rows }) => sum + rows, 0);
  return { stored: 'list', count, parts };
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
