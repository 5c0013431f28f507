import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessGroup } from './process-group.js';

const TIMEOUT_MS = 180_000;
const POLL_MS = 200;

/** Waits until a GET of `url` succeeds. Throws with the end of the server's log where that ends before, or takes minutes. */
export async function whenServed(
  url: string,
  server: ProcessGroup,
  headers: { readonly [name: string]: string } = {},
): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok === true) return;
    const end = server.ended() ?? (Date.now() > deadline ? `no answer at ${url}` : undefined);
    if (end !== undefined) throw new Error(`a server did not start (${end}):\n${await server.logTail()}`);
    await sleep(POLL_MS);
  }
}
