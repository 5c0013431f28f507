import { join } from 'node:path';
import type { Config } from '../config/load-config.js';
import { runningDevServer, startDevServer } from '../infra/dev-server.js';
import { findTemporalCli } from '../infra/temporal-cli.js';
import { startWorkerProcess } from './worker-process.js';
import type { WorkerProcess } from './worker-process.js';

export interface DevServices {
  readonly address: string;
  readonly ui: string | undefined;
  readonly worker: WorkerProcess;
  /** Process ids of what was started here. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/**
 * A Temporal dev server with its Web UI and a worker. A server that was said (TEMPORAL_ADDRESS, `temporal.address`), or
 * that runs for this home already, is used as it is and left alone. `metrics`: where the worker serves them, whatever the
 * configuration says.
 */
export async function startDevServices(
  config: Config,
  {
    detached = false,
    metrics,
    say,
  }: { readonly detached?: boolean; readonly metrics?: string; say(line: string): void },
): Promise<DevServices> {
  const { home, temporal } = config;
  const running = temporal.address === undefined ? await runningDevServer(home) : undefined;
  const existing = temporal.address ?? running?.address;
  const started = existing === undefined ? await startServer(config, detached, say) : undefined;
  const address = existing ?? started?.address ?? '';
  const ui = temporal.ui ?? running?.uiUrl ?? started?.uiUrl;
  if (started === undefined) say(`using the Temporal server at ${address}`);
  try {
    // What this configuration says, whatever the environment of the worker would add to its file.
    const said = metrics === undefined ? {} : { SEGMENTA_METRICS: metrics };
    const env = { ...process.env, TEMPORAL_ADDRESS: address, SEGMENTA_LAKE: config.lake, ...said };
    const worker = await startWorkerProcess(config, { env, detached });
    say(`worker started (process ${worker.pid}, log ${join(home, 'logs', 'worker.log')})`);
    return {
      address,
      ui,
      worker,
      pids: [...(started === undefined ? [] : [started.pid]), worker.pid],
      stop: async () => {
        await worker.stop();
        await started?.close();
      },
    };
  } catch (error) {
    await started?.close();
    throw error;
  }
}

async function startServer({ home, temporal }: Config, detached: boolean, say: (line: string) => void) {
  const cli = await findTemporalCli({ cacheDir: join(home, 'cache', 'bin'), env: process.env, log: say });
  return startDevServer({ home, cli, log: say, namespace: temporal.namespace, detached });
}
