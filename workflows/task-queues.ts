import type { TaskOptions } from '../dag/dag.js';

/** Where runs are put, and the tasks that move bytes; `compute` tasks have a queue of their own beside it. */
export const DEFAULT_TASK_QUEUE = 'segmenta';

/** The Temporal task queue of a task: workers can serve one kind of work, or both. */
export const activityQueue = (runQueue: string, kind: TaskOptions['queue']): string =>
  kind === 'io' ? runQueue : `${runQueue}-${kind}`;
