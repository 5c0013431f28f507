import { Client, Connection } from '@temporalio/client';
import type { Config } from '../config/load-config.js';
import { connectionOptions } from '../config/connection-options.js';
import { temporalAddress } from '../infra/temporal-address.js';

export interface TemporalClient {
  readonly client: Client;
  readonly address: string;
  readonly taskQueue: string;
  /** Where Temporal UI shows a run. */
  runUrl(workflowId: string, runId?: string): string;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT = '5 seconds';

/** Connects to the configured Temporal server, or to this home's dev server. */
export async function connectTemporal(config: Config): Promise<TemporalClient> {
  const { temporal } = config;
  const { address, ui } = await temporalAddress(temporal, config.home);
  const connection = await Connection.connect({
    ...connectionOptions(temporal, address),
    connectTimeout: CONNECT_TIMEOUT,
  }).catch((error: unknown) => {
    throw new Error(
      `No Temporal server answers at ${address}: start one with \`segmenta dev\`, or set TEMPORAL_ADDRESS`,
      {
        cause: error,
      },
    );
  });
  return {
    client: new Client({ connection, namespace: temporal.namespace }),
    address,
    taskQueue: temporal.taskQueue,
    runUrl: (workflowId, runId) => {
      const page = `/namespaces/${temporal.namespace}/workflows/${encodeURIComponent(workflowId)}`;
      const run = runId === undefined ? page : `${page}/${runId}`;
      return ui === undefined
        ? `run ${runId ?? workflowId} in Temporal UI (say temporal.ui for a link)`
        : `${ui}${run}`;
    },
    close: async () => connection.close(),
  };
}
