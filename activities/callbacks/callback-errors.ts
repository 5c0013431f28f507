import { PermanentError } from '../../dag/permanent-error.js';

/** The receiver did not take the event this time: another try may succeed. */
export class CallbackUnavailable extends Error {
  override readonly name = 'CallbackUnavailable';
  constructor(
    message: string,
    /** How long the receiver asks to be left alone (Retry-After), an hour at most; undefined where it did not say. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** The receiver refuses the event, and will refuse it again. */
export class CallbackRefused extends PermanentError {
  override readonly name = 'CallbackRefused';
}

const LONGEST_WAIT_MS = 3_600_000;

/** Milliseconds that a Retry-After header asks for, as seconds or as a date; undefined where it says neither. */
export function retryAfterMs(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), LONGEST_WAIT_MS);
}
