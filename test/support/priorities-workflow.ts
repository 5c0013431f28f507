import { proxyActivities } from '@temporalio/workflow';

/** What each activity is called with: its priority, null where it has none. */
export type Mark = (priority: number | null) => Promise<void>;

/** Schedules an activity of each priority on another queue, all in one go and in this order; ends when all have run. */
export async function enqueue(taskQueue: string, priorities: readonly (number | null)[]): Promise<void> {
  await Promise.all(
    priorities.map(async (priorityKey) => {
      const priority = priorityKey === null ? {} : { priority: { priorityKey } };
      const { mark } = proxyActivities<{ mark: Mark }>({ taskQueue, startToCloseTimeout: '1 minute', ...priority });
      await mark(priorityKey);
    }),
  );
}
