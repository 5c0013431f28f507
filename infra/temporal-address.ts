import { runningDevServer } from './dev-server.js';

export interface TemporalAddress {
  /** `host:port` */
  readonly address: string;
  /** Where people watch, as far as it is known. */
  readonly ui: string | undefined;
}

/** Where Temporal is: what was said, else this home's dev server where one runs, else the usual ports of this machine. */
export async function temporalAddress(
  said: { readonly address?: string | undefined; readonly ui?: string | undefined },
  home: string,
): Promise<TemporalAddress> {
  if (said.address !== undefined) return { address: said.address, ui: said.ui };
  const running = await runningDevServer(home);
  if (running?.address !== undefined) return { address: running.address, ui: said.ui ?? running.uiUrl };
  return { address: '127.0.0.1:7233', ui: said.ui ?? 'http://127.0.0.1:8233' };
}
