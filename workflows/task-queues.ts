import type { TaskOptions } from '../dag/dag.js';

/** The Temporal task queue of a task: workers can serve one kind of work, or both. */
export const activityQueue = (runQueue: string, kind: TaskOptions['queue']): string =>
  kind === 'io' ? runQueue : `${runQueue}-${kind}`;
