/** One event, as the log gets it: fields for programs, a message for people. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: { readonly [field: string]: unknown };
  readonly message: string;
}

/** What the log keeps of an error. Its stack is in the history of the run. */
export function errorFields(error: unknown): { readonly type: string; readonly message: string } {
  if (!(error instanceof Error)) return { type: 'Error', message: String(error) };
  // Temporal's failures carry the name that the error had where it was thrown.
  const type = 'type' in error && typeof error.type === 'string' ? error.type : error.name;
  return { type, message: error.message };
}

/** `seconds(1234)` is `1.2 s`. */
export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
