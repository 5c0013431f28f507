import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { verifySignature } from '../../activities/callbacks/signature.js';
import { freePort } from '../../infra/free-port.js';

export interface Received {
  readonly event: string;
  readonly workflowId: string;
  readonly body: { readonly [field: string]: unknown };
  readonly headers: IncomingHttpHeaders;
  readonly isSigned: boolean;
  readonly status: number;
}

export interface CallbackReceiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** What it answers next, once each; then 204. */
  answer(...statuses: readonly number[]): void;
  close(): Promise<void>;
}

/** An HTTP server that takes callbacks and checks their signatures. It asks for a second of peace when it refuses. */
export async function startReceiver(secret: string): Promise<CallbackReceiver> {
  const received: Received[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      // The tests look at its fields one by one.
      const body = JSON.parse(bytes.toString('utf8')) as { readonly [field: string]: unknown };
      const status = answers.shift() ?? 204;
      received.push({
        event: String(body['event']),
        workflowId: String(body['workflowId']),
        body,
        headers: request.headers,
        isSigned: verifySignature(secret, request.headers, bytes, new Date(), 60),
        status,
      });
      response.writeHead(status, status === 503 ? { 'Retry-After': '1' } : {}).end();
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}/hook?token=secret`,
    received,
    answer: (...statuses) => void answers.push(...statuses),
    close: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
