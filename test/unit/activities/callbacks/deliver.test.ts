import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CallbackRefused, CallbackUnavailable } from '../../../../activities/callbacks/callback-errors.js';
import { deliver } from '../../../../activities/callbacks/deliver.js';
import type { Delivered } from '../../../../activities/callbacks/deliver.js';
import { verifySignature } from '../../../../activities/callbacks/signature.js';
import { isPermanent } from '../../../../dag/permanent-error.js';
import { FAILURE } from '../../../support/run-event.js';

const SECRET = 'the-hmac-key';
const NOW = new Date('2026-11-16T05:12:03.999Z');
const never = new AbortController().signal;

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const received: Received[] = [];
/** What the receiver does with the request of the test that goes on. */
let answer: (response: ServerResponse) => void;

const server = createServer((request, response) => {
  const take = async (): Promise<void> => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: await text(request) });
    answer(response);
  };
  void take();
});
let origin: string;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address');
  origin = `http://127.0.0.1:${address.port}`;
});

afterEach(() => received.splice(0));

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const status =
  (code: number, headers: { [name: string]: string } = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(code, headers).end();
  };

const callback = (url = `${origin}/hooks/path-token?token=query-token`) =>
  ({ url, on: ['failure'], secret: SECRET }) as const;

const send = (options: { timeoutMs?: number; signal?: AbortSignal } = {}, url?: string): Promise<Delivered> =>
  deliver(callback(url), FAILURE, { signal: never, now: NOW, ...options });

const failure = async (sending: Promise<unknown>): Promise<Error> =>
  sending.then(
    () => new Error('it was delivered'),
    (error: unknown) => error as Error,
  );

describe('deliver', () => {
  it('posts the event as JSON, field by field, to the whole url', async () => {
    answer = status(204);
    const delivered = await send();
    // printf '["6f2b8d7e-0000-4000-8000-000000000001","failure"]' | sha256sum | cut -c1-32
    expect(delivered).toEqual({ delivery: '96bf9a93fb2be79668b5944fb60c4782', status: 204 });
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      method: 'POST',
      url: '/hooks/path-token?token=query-token',
      headers: {
        'content-type': 'application/json',
        'x-segmenta-event': 'failure',
        'x-segmenta-delivery': '96bf9a93fb2be79668b5944fb60c4782',
        'x-segmenta-timestamp': '1794805923',
      },
    });
    expect(received[0]?.body).toBe(
      '{"event":"failure","dag":"segmentation","fecha":"2026-11-16","kind":"scheduled","workflowId":"segmentation/2026-11-16",' +
        '"runId":"6f2b8d7e-0000-4000-8000-000000000001","at":"2026-11-16T05:12:00.000Z",' +
        '"headline":"ingestTransactions failed: BadInput: Expected \\"año\\" to be a number,\\ngot \'ñ\'",' +
        '"failedTasks":[{"task":"ingestTransactions","type":"BadInput","message":"Expected \\"año\\" to be a number"}],' +
        '"url":"http://localhost:8233/namespaces/default/workflows/segmentation%2F2026-11-16","deadline":null}',
    );
  });

  it('signs what it sends, so that the receiver can tell', async () => {
    answer = status(200);
    await send();
    const { headers = {}, body = '' } = received[0] ?? {};
    const hex = createHmac('sha256', SECRET).update(`1794805923.${body}`).digest('hex');
    expect(headers['x-segmenta-signature']).toBe(`v1=${hex}`);
    expect(verifySignature(SECRET, headers, body, NOW, 300)).toBe(true);
  });

  it('sends no signature without a key', async () => {
    answer = status(200);
    await deliver({ url: `${origin}/`, on: ['failure'] }, FAILURE, { signal: never });
    expect(received[0]?.headers).not.toHaveProperty('x-segmenta-signature');
    expect(received[0]?.headers).toHaveProperty('x-segmenta-timestamp');
  });

  it('keeps body and delivery id over retries, which are signed anew; another event has another id', async () => {
    answer = status(200);
    const first = await send();
    const again = await deliver(callback(), FAILURE, { signal: never, now: new Date(NOW.getTime() + 60_000) });
    const other = await deliver(callback(), { ...FAILURE, event: 'deadline' }, { signal: never, now: NOW });
    expect(again.delivery).toBe(first.delivery);
    expect(other.delivery).not.toBe(first.delivery);
    expect(received[1]?.body).toBe(received[0]?.body);
    const signatures = received.map(({ headers }) => headers['x-segmenta-signature']);
    expect(new Set(signatures).size).toBe(3);
  });

  it.each([408, 429, 500, 502, 503, 599])('may be tried again after %i', async (code) => {
    answer = status(code);
    const error = await failure(send());
    expect(error).toBeInstanceOf(CallbackUnavailable);
    expect(isPermanent(error)).toBe(false);
    expect(error.message).toBe(`Expected status 2xx of the callback at ${origin}, got ${code}`);
  });

  it.each([400, 401, 403, 404, 410, 422])('is refused for good by %i', async (code) => {
    answer = status(code);
    const error = await failure(send());
    expect(error).toBeInstanceOf(CallbackRefused);
    expect(isPermanent(error)).toBe(true);
    expect(error.message).toContain(`got ${code}: check its url and secret`);
  });

  it.each([301, 302, 303, 307, 308])('does not follow the redirect %i', async (code) => {
    answer = status(code, { Location: `${origin}/elsewhere` });
    const error = await failure(send());
    expect(error).toBeInstanceOf(CallbackRefused);
    expect(error.message).toContain('redirects are not followed, configure the final address');
    expect(received.map(({ url }) => url)).toEqual(['/hooks/path-token?token=query-token']);
  });

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Mon, 16 Nov 2026 05:12:33 GMT', 29_001],
    ['Mon, 16 Nov 2026 05:00:00 GMT', 0],
    ['999999', 3_600_000],
    ['soon', undefined],
  ])('says how long the receiver asks to wait: Retry-After: %s', async (said, expected) => {
    for (const code of [429, 503]) {
      answer = status(code, { 'Retry-After': said });
      expect(await failure(send())).toMatchObject({ name: 'CallbackUnavailable', retryAfterMs: expected });
    }
  });

  it('may be tried again where the receiver does not answer in time', async () => {
    answer = () => {};
    const error = await failure(send({ timeoutMs: 100 }));
    expect(error).toBeInstanceOf(CallbackUnavailable);
    expect(error.message).toBe(`Expected an answer of the callback at ${origin}, got none within 0.1 s`);
  });

  it('may be tried again where nobody listens, and where the connection breaks', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const address = free.address();
    if (address === null || typeof address === 'string') throw new Error('Expected a TCP address');
    await new Promise((resolve) => free.close(resolve));
    const nobody = `http://127.0.0.1:${address.port}`;
    const refused = await failure(send({}, `${nobody}/?token=query-token`));
    expect(refused).toBeInstanceOf(CallbackUnavailable);
    expect(refused.message).toBe(`Expected an answer of the callback at ${nobody}, got ECONNREFUSED`);
    answer = (response) => response.destroy();
    expect(await failure(send())).toBeInstanceOf(CallbackUnavailable);
  });

  it('is over when the status is there: what else the receiver sends is not read', async () => {
    const limit = 256;
    let chunks = 0;
    const closed = new Promise<void>((resolve) => {
      answer = (response) => {
        response.on('close', resolve).writeHead(200);
        const pour = (): void => {
          while (chunks < limit) {
            chunks += 1;
            if (!response.write(Buffer.alloc(1024 * 1024))) return void response.once('drain', pour);
          }
          response.end();
        };
        pour();
      };
    });
    expect(await send()).toMatchObject({ status: 200 });
    await closed;
    expect(chunks).toBeLessThan(limit);
  });

  it('does not wait for the end of a body that never ends', async () => {
    answer = (response) => response.writeHead(500).write('and then');
    expect(await failure(send())).toBeInstanceOf(CallbackUnavailable);
  });

  it("ends with the signal's reason when it is given up", async () => {
    const stop = new AbortController();
    const reason = new Error('the run was cancelled');
    answer = () => stop.abort(reason);
    expect(await failure(send({ signal: stop.signal }))).toBe(reason);
    received.splice(0);
    expect(await failure(send({ signal: stop.signal }))).toBe(reason);
    expect(received).toEqual([]);
  });

  it('keeps key, path and query of the url out of every error', async () => {
    const hidden = /path-token|query-token|the-hmac-key|user-token/;
    const errors: Error[] = [];
    for (const code of [301, 400, 404, 429, 503]) {
      answer = status(code, { Location: '/hooks/path-token?token=query-token' });
      errors.push(await failure(send()));
    }
    answer = () => {};
    errors.push(await failure(send({ timeoutMs: 20 })));
    answer = (response) => response.destroy();
    errors.push(await failure(send()));
    const host = origin.slice('http://'.length);
    // Not TLS, credentials in the url, and a port that fetch refuses.
    for (const start of [`https://${host}`, `http://user-token:x@${host}`, 'http://127.0.0.1:6000']) {
      errors.push(await failure(send({}, `${start}/path-token?token=query-token`)));
    }
    for (const error of errors) {
      expect(error.message).toMatch(/^Expected /);
      expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(hidden);
    }
    expect(errors).toHaveLength(10);
  });
});
