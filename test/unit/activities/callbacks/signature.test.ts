import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signature, verifySignature } from '../../../../activities/callbacks/signature.js';

const TIMESTAMP = 1_795_000_000;
const NOW = new Date(TIMESTAMP * 1000);
const TOLERANCE = 300;

/** As node:http gives them. */
const headersOf = (secret: string, body: string | Uint8Array) => ({
  'x-segmenta-timestamp': String(TIMESTAMP),
  'x-segmenta-signature': signature(secret, TIMESTAMP, body),
});

const anySecret = fc.string({ minLength: 1, unit: 'binary' });

describe('a signature', () => {
  it("is what openssl makes of timestamp, full stop and the body's UTF-8", () => {
    // printf '1795000000.{"event":"failure","headline":"el niño"}' | openssl dgst -sha256 -hmac 'a secret'
    // and Python: hmac.new(b'a secret', '1795000000.{"event":…}'.encode(), hashlib.sha256).hexdigest()
    const expected = 'v1=0f8c6941f7549060dbbcbaa580891ca6417d326ca66c01fc448c2a7fece3fff4';
    const body = '{"event":"failure","headline":"el niño"}';
    expect(signature('a secret', TIMESTAMP, body)).toBe(expected);
    expect(signature('a secret', TIMESTAMP, Buffer.from(body))).toBe(expected);
  });

  it('is the HMAC of any body under any key', () => {
    fc.assert(
      fc.property(anySecret, fc.uint8Array(), (secret, body) => {
        const signed = Buffer.concat([Buffer.from(`${TIMESTAMP}.`), body]);
        const hex = createHmac('sha256', secret).update(signed).digest('hex');
        expect(signature(secret, TIMESTAMP, body)).toBe(`v1=${hex}`);
      }),
    );
  });

  it('is not made, nor looked at, with an empty key', () => {
    const expected = 'Expected an HMAC key of at least one character, got none';
    expect(() => signature('', TIMESTAMP, 'x')).toThrow(expected);
    expect(() => verifySignature('', headersOf('key', 'x'), 'x', NOW, TOLERANCE)).toThrow(expected);
  });
});

describe('verifySignature', () => {
  it('takes what was signed with the key, and nothing that differs in a byte or a key', () => {
    fc.assert(
      fc.property(anySecret, fc.uint8Array({ minLength: 1 }), fc.nat(), anySecret, (secret, body, at, other) => {
        const headers = headersOf(secret, body);
        expect(verifySignature(secret, headers, body, NOW, TOLERANCE)).toBe(true);
        const changed = body.with(at % body.length, (body[at % body.length] ?? 0) ^ 1);
        expect(verifySignature(secret, headers, changed, NOW, TOLERANCE)).toBe(false);
        // HMAC fills short keys up with zeros: those that differ in trailing zeros alone are the same key.
        fc.pre(secret.replace(/\0+$/, '') !== other.replace(/\0+$/, ''));
        expect(verifySignature(other, headers, body, NOW, TOLERANCE)).toBe(false);
      }),
    );
  });

  it('holds the timestamp to the tolerance, before and after', () => {
    const headers = headersOf('key', 'x');
    const at = (seconds: number): boolean =>
      verifySignature('key', headers, 'x', new Date((TIMESTAMP + seconds) * 1000), TOLERANCE);
    expect([-301, -300, 0, 300, 301].map(at)).toEqual([false, true, true, true, false]);
  });

  it('refuses a timestamp other than the signed one', () => {
    const headers = { ...headersOf('key', 'x'), 'x-segmenta-timestamp': String(TIMESTAMP + 1) };
    expect(verifySignature('key', headers, 'x', NOW, TOLERANCE)).toBe(false);
  });

  it.each([
    ['no headers', {}],
    ['no signature', { 'x-segmenta-signature': undefined }],
    ['an empty signature', { 'x-segmenta-signature': '' }],
    ['a signature without its scheme', { 'x-segmenta-signature': signature('key', TIMESTAMP, 'x').slice(3) }],
    ['a cut signature', { 'x-segmenta-signature': signature('key', TIMESTAMP, 'x').slice(0, -1) }],
    ['two signatures', { 'x-segmenta-signature': [signature('key', TIMESTAMP, 'x'), 'v1=0'] }],
    ['a timestamp that is no number', { 'x-segmenta-timestamp': 'now' }],
    ['a timestamp written otherwise', { 'x-segmenta-timestamp': `0${TIMESTAMP}` }],
  ])('refuses %s', (_, changes) => {
    const headers = Object.keys(changes).length === 0 ? {} : { ...headersOf('key', 'x'), ...changes };
    expect(verifySignature('key', headers, 'x', NOW, TOLERANCE)).toBe(false);
  });

  it("reads fetch's Headers, and names in any case", () => {
    const signed = signature('key', TIMESTAMP, 'x');
    const named = { 'X-Segmenta-Timestamp': String(TIMESTAMP), 'X-Segmenta-Signature': signed };
    expect(verifySignature('key', named, 'x', NOW, TOLERANCE)).toBe(true);
    expect(verifySignature('key', new Headers(named), 'x', NOW, TOLERANCE)).toBe(true);
  });
});
