// Needs Node alone: a receiver may take this file as it is.
import { createHmac, timingSafeEqual } from 'node:crypto';

export const TIMESTAMP_HEADER = 'X-Segmenta-Timestamp';
export const SIGNATURE_HEADER = 'X-Segmenta-Signature';

/** Names the way of signing, so that another can come beside it. */
const SCHEME = 'v1=';

type Body = string | Uint8Array;

/** As node:http gives them (names in lower case), or as fetch does. */
export type ReceivedHeaders = Headers | { readonly [name: string]: string | readonly string[] | undefined };

/** `v1=` and the HMAC-SHA256, in hex, of timestamp (Unix seconds), a full stop, and the body. */
export function signature(secret: string, timestamp: number, body: Body): string {
  // Node takes an empty key, with which anyone could sign.
  if (secret === '') throw new RangeError('Expected an HMAC key of at least one character, got none');
  return `${SCHEME}${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}

/**
 * Whether `body`, the bytes as they came, was signed with `secret` at most `toleranceSeconds` before or after `now`. What
 * was caught on its way cannot be sent again later than that; within it, `X-Segmenta-Delivery` tells a repeat.
 */
export function verifySignature(
  secret: string,
  headers: ReceivedHeaders,
  body: Body,
  now: Date,
  toleranceSeconds: number,
): boolean {
  const said = header(headers, TIMESTAMP_HEADER);
  if (said === undefined || !/^[1-9]\d{0,11}$/.test(said)) return false;
  const timestamp = Number(said);
  const expected = Buffer.from(signature(secret, timestamp, body));
  const got = Buffer.from(header(headers, SIGNATURE_HEADER) ?? '');
  const isOurs = got.length === expected.length && timingSafeEqual(got, expected);
  return isOurs && Math.abs(now.getTime() / 1000 - timestamp) <= toleranceSeconds;
}

function header(headers: ReceivedHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const value = headers[name.toLowerCase()] ?? headers[name];
  // Said twice, it cannot be told which one counts.
  return typeof value === 'string' ? value : undefined;
}
