import { ScheduleNotFoundError } from '@temporalio/client';
import type { ScheduleDescription, ScheduleHandle, ScheduleSummary } from '@temporalio/client';
import { BadConfig } from '../config/bad-config.js';
import { scheduleRequest } from '../workflows/schedule-request.js';
import type { ScheduleRequest } from '../workflows/schedule-request.js';
import type { TemporalClient } from './temporal-client.js';

/** The memo of a schedule that is ours, with the task queue of whose configuration it is: others share the namespace. */
const MARK = 'segmenta';

export const markOf = (taskQueue: string): { readonly [MARK]: { readonly taskQueue: string } } => ({
  [MARK]: { taskQueue },
});

function markedQueue(memo: ScheduleSummary['memo']): string | undefined {
  const mark = memo?.[MARK];
  if (typeof mark !== 'object' || mark === null || !('taskQueue' in mark)) return undefined;
  return typeof mark.taskQueue === 'string' ? mark.taskQueue : undefined;
}

/** Names of the schedules on the server that are ours. The server lists with a delay of a second or so. */
export async function ourSchedules({ client, taskQueue }: TemporalClient): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { scheduleId, memo } of client.schedule.list()) {
    if (markedQueue(memo) === taskQueue) names.push(scheduleId);
  }
  return names.toSorted();
}

/** One of ours, as the server has it. */
export interface ServerSchedule {
  readonly name: string;
  readonly handle: ScheduleHandle;
  readonly described: ScheduleDescription;
  /** What it hands on to its runs; undefined where it is not what this version writes: `apply` mends it. */
  readonly request: ScheduleRequest | undefined;
}

/** Undefined where the server has none of the name. Throws a `BadConfig` where that is not ours. */
export async function findSchedule(
  { client, taskQueue }: TemporalClient,
  name: string,
): Promise<ServerSchedule | undefined> {
  const handle = client.schedule.getHandle(name);
  const described = await handle.describe().catch((error: unknown) => {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  });
  if (described === undefined) return undefined;
  const queue = markedQueue(described.memo);
  if (queue !== taskQueue) {
    const whose = queue === undefined ? 'that Segmenta did not make' : `of the task queue ${queue}`;
    throw new BadConfig(`The server has a schedule '${name}' ${whose}, and it is left alone: take another name`);
  }
  const { data } = scheduleRequest.safeParse(described.action.args?.[0]);
  return { name, handle, described, request: data };
}

/** As `findSchedule`; throws a `BadConfig` with the names there are where there is none. */
export async function schedule(temporal: TemporalClient, name: string): Promise<ServerSchedule> {
  const found = await findSchedule(temporal, name);
  if (found !== undefined) return found;
  const names = await ourSchedules(temporal);
  const there = names.length === 0 ? 'which has none' : names.join(', ');
  throw new BadConfig(
    `Expected a schedule on the server (${there}), got '${name}': \`segmenta schedule apply\` puts those of the configuration there`,
  );
}

/** What it hands on. Throws a `BadConfig` where that is of another version. */
export function requestOf({ name, request }: ServerSchedule): ScheduleRequest {
  if (request !== undefined) return request;
  throw new BadConfig(
    `Expected the schedule '${name}' on the server to be of this version: \`segmenta schedule apply\` mends it`,
  );
}
