/** Where a worker kills itself: around a task, in the middle of it, or around an operation of the lake. */
export type CrashPoint =
  | { readonly kind: 'task'; readonly when: 'before' | 'after'; readonly task: string }
  /** At the task's first heartbeat of this phase. */
  | { readonly kind: 'task'; readonly when: 'during'; readonly task: string; readonly phase: string }
  | {
      readonly kind: 'store';
      readonly when: 'before' | 'after';
      readonly operation: 'create' | 'write' | 'remove';
      /** What the key begins with. */
      readonly key: string;
    };

export interface Crash {
  readonly at: CrashPoint;
  /** A file that is there once it has happened: it happens once. */
  readonly marker: string;
  /** Instead of dying, stand still around the task or the operation until this file is there. */
  readonly until?: string;
}

/** `after fitClusters`, `before create clientes_segmentados/_delta_log/`: a test's name. */
export function crashName(at: CrashPoint): string {
  if (at.kind === 'store') return `${at.when} the ${at.operation} of ${at.key}…`;
  return at.when === 'during' ? `during ${at.task}, ${at.phase}` : `${at.when} ${at.task}`;
}
