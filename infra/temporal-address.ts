import { runningDevServer } from './dev-server.js';

/** Where Temporal is: the address that was said, else this home's dev server where one runs, else the usual port. */
export async function temporalAddress(said: string | undefined, home: string): Promise<string> {
  return said ?? (await runningDevServer(home))?.address ?? '127.0.0.1:7233';
}
