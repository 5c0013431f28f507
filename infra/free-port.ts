import { createServer } from 'node:net';

const listens = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });

/**
 * A TCP port that nothing listens on at 127.0.0.1: the preferred one where it is free.
 * It may be taken before the caller's server has it: a caller must be ready to ask again.
 */
export async function freePort(preferred?: number): Promise<number> {
  const port = (preferred === undefined ? undefined : await listens(preferred)) ?? (await listens(0));
  if (port === undefined) throw new Error('Expected to find a free port at 127.0.0.1: the system gave none');
  return port;
}
