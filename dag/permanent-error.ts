/**
 * A failure that trying again cannot cure: bad input, bad configuration, denied access.
 * Executors fail the task at once on it; everything else counts as the outside world and is retried with backoff.
 * Subclasses set `name`, which is what Temporal UI shows as the failure's type.
 */
export class PermanentError extends Error {
  override readonly name: string = 'PermanentError';
}

/**
 * Kernels know nothing of this class: they refuse an argument with a RangeError that says what they expected, which no
 * retry cures either. Node's own RangeErrors (an allocation that failed) say no such thing, and may pass elsewhere.
 */
export const isPermanent = (error: unknown): boolean =>
  error instanceof PermanentError || (error instanceof RangeError && error.message.startsWith('Expected'));
