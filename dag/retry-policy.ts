/** Backoff between the attempts of a task: 1 s, doubled each time, a minute at most. */
export const RETRY_BACKOFF = { initialMs: 1_000, factor: 2, maximumMs: 60_000 } as const;

/** Milliseconds to wait after the `attempt`-th attempt failed (the first is 1). */
export const backoffMs = (attempt: number): number =>
  Math.min(RETRY_BACKOFF.initialMs * RETRY_BACKOFF.factor ** (attempt - 1), RETRY_BACKOFF.maximumMs);
