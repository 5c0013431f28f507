import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work that stops now and then, so that an event loop can do something else in between. What it gives is returned. */
export type Steps<Result> = Generator<void, Result>;

/** Values that a step goes over: some milliseconds of plain arithmetic. */
export const STEP_VALUES = 1 << 20;

/** Does the work without a pause. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Does the work, and gives others a turn after each step. Rejects when `signal` aborts. */
export async function inTurns<Result>(steps: Steps<Result>, signal?: AbortSignal): Promise<Result> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await nextTurn();
    signal?.throwIfAborted();
  }
}

/** Ranges of rows, each of about `STEP_VALUES` values: `[from, to)`. */
export function* rowSteps(rows: number, columns: number): Generator<readonly [number, number]> {
  const size = Math.max(1, Math.floor(STEP_VALUES / Math.max(1, columns)));
  for (let from = 0; from < rows; from += size) yield [from, Math.min(from + size, rows)];
}
