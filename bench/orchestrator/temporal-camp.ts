import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { startDevServer } from '../../infra/dev-server.js';
import { freePort } from '../../infra/free-port.js';
import { registerSearchAttributes } from '../../infra/search-attributes.js';
import { findTemporalCli } from '../../infra/temporal-cli.js';
import type { Camp, Contender, Place, Started } from './contender.js';
import { chainDag, fanOutDag } from './dags.js';
import { startDriver } from './driver.js';
import { examineHistory } from './history.js';
import type { HistoryFigures } from './history.js';
import type { Workload } from './workload.js';

const NAMESPACE = 'default';
const TASK_QUEUE = 'bench';
const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));

/** Any date: a DAG of ours has one. */
const FECHA = '2026-11-16';

const OURS: { readonly [W in Workload]: string } = { chain: chainDag.id, 'fan-out': fanOutDag.id };
const PLAIN: { readonly [W in Workload]: string } = { chain: 'plainChain', 'fan-out': 'plainFanOut' };

export interface TemporalStarted extends Started {
  /** What our last run of a workload left on the server; `undefined` where there was none. */
  examine(workload: Workload): Promise<HistoryFigures | undefined>;
}

/** Ours and plain Temporal: one server, one worker process, one client. */
export const temporalCamp = {
  names: { segmenta: 'Segmenta', temporal: 'plain Temporal' },
  start: async (wanted: ReadonlySet<string>, place: Place): Promise<TemporalStarted> => {
    const ends: (() => Promise<void>)[] = [];
    const close = async (): Promise<void> => {
      for (const end of ends.toReversed()) await end();
    };
    try {
      const address = await serverAddress(place, ends);
      const connection = await Connection.connect({ address });
      ends.push(() => connection.close());
      await registerSearchAttributes(connection, NAMESPACE);
      const worker = await startDriver({
        command: process.execPath,
        args: [WORKER, address, TASK_QUEUE, place.scratch],
        env: process.env,
        logFile: join(place.home, 'logs', 'temporal-worker.log'),
      });
      ends.push(() => worker.group.close());
      const client = new Client({ connection, namespace: NAMESPACE });
      const last = new Map<Workload, string>();
      const run = async (workflow: string, params: (nonce: string) => unknown): Promise<string> => {
        const nonce = randomUUID();
        const workflowId = `${workflow}/${nonce}`;
        await client.workflow.execute(workflow, { taskQueue: TASK_QUEUE, workflowId, args: [params(nonce)] });
        return workflowId;
      };
      const contenders: Contender[] = [
        {
          ...OF_TEMPORAL,
          key: 'segmenta',
          run: async (workload) => {
            last.set(workload, await run(OURS[workload], (nonce) => ({ nonce, fecha: FECHA })));
          },
        },
        {
          ...OF_TEMPORAL,
          key: 'temporal',
          run: async (workload) => void (await run(PLAIN[workload], (nonce) => nonce)),
        },
      ];
      return {
        contenders: contenders.filter(({ key }) => wanted.has(key)),
        close,
        examine: async (workload) => {
          const workflowId = last.get(workload);
          return workflowId === undefined ? undefined : examineHistory(client.workflow.getHandle(workflowId));
        },
      };
    } catch (error) {
      await close();
      throw error;
    }
  },
} satisfies Camp;

/** Server and worker wait for work without doing any; and what is stopped would lose its connections. */
const OF_TEMPORAL = { peer: false, pause: (): void => undefined, resume: (): void => undefined };

async function serverAddress({ scratch, log, home }: Place, ends: (() => Promise<void>)[]): Promise<string> {
  const given = process.env['TEMPORAL_ADDRESS'];
  if (given !== undefined && given !== '') return given;
  const cli = await findTemporalCli({ cacheDir: resolve('.segmenta', 'cache', 'bin'), env: process.env, log });
  const port = await freePort();
  const logFile = join(home, 'logs', 'temporal-server.log');
  const server = await startDevServer({ home: scratch, cli, port, headless: true, log, logFile });
  ends.push(server.close);
  return server.address;
}
