import type { Callback } from '../../dag/callback.js';
import type { RunEvent } from '../../dag/run-event.js';
import { CallbackRefused, CallbackUnavailable, retryAfterMs } from './callback-errors.js';
import { DELIVERY_HEADER, callbackRequest } from './callback-request.js';

export interface DeliveryOptions {
  /** Gives the delivery up; it then throws the signal's reason. */
  readonly signal: AbortSignal;
  /** Until the status is there; the answer's body is not read. Default: 10 s. */
  readonly timeoutMs?: number;
  readonly now?: Date;
}

export interface Delivered {
  /** What the receiver got as X-Segmenta-Delivery. */
  readonly delivery: string;
  readonly status: number;
}

const TIMEOUT_MS = 10_000;

/** Request Timeout and Too Many Requests are about this try, unlike the other 4xx. */
const RETRYABLE: ReadonlySet<number> = new Set([408, 429]);

/**
 * Posts an event to a callback, once; any 2xx means that it was taken. Throws `CallbackUnavailable` where another try may
 * succeed (no answer, 408, 429, 5xx), with the wait that the receiver asks for, and `CallbackRefused` where none will
 * (another 4xx, a redirect). Errors name scheme and host alone, and have no cause: the rest of a url may be a secret.
 */
export async function deliver(
  callback: Callback,
  event: RunEvent,
  { signal, timeoutMs = TIMEOUT_MS, now = new Date() }: DeliveryOptions,
): Promise<Delivered> {
  signal.throwIfAborted();
  const { body, headers } = callbackRequest(event, callback.secret, now);
  const where = `the callback at ${new URL(callback.url).origin}`;
  const response = await post(callback.url, { body, headers }, signal, timeoutMs).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new CallbackUnavailable(`Expected an answer of ${where}, got ${noAnswer(error, timeoutMs)}`);
  });
  const { status, ok } = response;
  const wait = retryAfterMs(response.headers.get('Retry-After'), now);
  // Says to the connection that the rest is not wanted; whether that succeeds is nobody's concern.
  await response.body?.cancel().catch(() => undefined);
  if (ok) return { delivery: headers[DELIVERY_HEADER] ?? '', status };
  const refusal = `Expected status 2xx of ${where}, got ${status}`;
  if (status >= 500 || RETRYABLE.has(status)) throw new CallbackUnavailable(refusal, wait);
  if (status < 400) throw new CallbackRefused(`${refusal}: redirects are not followed, configure the final address`);
  throw new CallbackRefused(`${refusal}: check its url and secret`);
}

async function post(
  url: string,
  { body, headers }: { readonly body: string; readonly headers: { readonly [name: string]: string } },
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Response> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  // A followed redirect would carry the event, signed, to who was not configured.
  return fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal: limit });
}

/** By name and code: the messages of fetch may hold the url. */
function noAnswer(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'none';
  if (error.name === 'TimeoutError') return `none within ${timeoutMs / 1000} s`;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no connection';
}
