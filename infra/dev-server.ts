import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';
import type { LockHolder } from './server-lock.js';
import { liveHolder, takeServerLock } from './server-lock.js';
import type { ServerProcess } from './server-process.js';
import { startServerProcess } from './server-process.js';
import { SEARCH_ATTRIBUTES } from './search-attributes.js';
import { whenTemporalServes } from './temporal-readiness.js';

export interface DevServerOptions {
  /** The `.segmenta` folder: the database is in `temporal/dev.db`. */
  readonly home: string;
  /** Path of Temporal CLI. */
  readonly cli: string;
  /** Default: 7233 where it is free, else any. A port that is given and taken is an error. */
  readonly port?: number;
  /** Default: 8233 where it is free, else any. */
  readonly uiPort?: number;
  readonly log: (line: string) => void;
  readonly namespace?: string;
  /** No web UI. */
  readonly headless?: boolean;
  /** The server outlives this process, until `close()` or a signal to its process id. */
  readonly detached?: boolean;
  /** Default: `<home>/logs/temporal.log`. */
  readonly logFile?: string;
  /** Dynamic configuration of the server, above ours. */
  readonly dynamicConfig?: { readonly [key: string]: boolean | number | string };
}

export interface DevServer {
  /** `host:port` for clients and workers. */
  readonly address: string;
  /** `undefined` where headless. */
  readonly uiUrl: string | undefined;
  readonly pid: number;
  readonly close: () => Promise<void>;
}

const DYNAMIC_CONFIG = {
  /** Servers before 1.31 order tasks by priority only with it; those before 1.28 do not know it and take no notice. */
  'matching.useNewMatcher': true,
  /** The order holds within a partition of a queue, and one serves more than a dev server can. */
  'matching.numTaskqueueWritePartitions': 1,
  'matching.numTaskqueueReadPartitions': 1,
} as const;

const START_ATTEMPTS = 4;
const PORT_TAKEN = /listen tcp \S*:(\d+): bind: address already in use/;
const RACE_GRACE_MS = 250;

const lockFile = (home: string): string => join(home, 'temporal', 'dev-server.json');

/** The dev server that uses this home's database now, whichever process started it. */
export const runningDevServer = (home: string): Promise<LockHolder | undefined> => liveHolder(lockFile(home));

/**
 * Starts `temporal server start-dev` on a database file that survives restarts, and returns once it serves the namespace
 * and its search attributes. Throws with the end of its log where it does not, and where a running server has the database.
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { home, log } = options;
  await mkdir(join(home, 'temporal'), { recursive: true });
  const lock = await takeServerLock(lockFile(home));
  if ('heldBy' in lock) {
    const { pid, address } = lock.heldBy;
    throw new Error(
      `A Temporal server (process ${pid}${address === undefined ? ', starting' : ` at ${address}`}) already uses ${database(home)}: ` +
        (address === undefined ? 'wait for it, or stop it' : `set TEMPORAL_ADDRESS=${address} to use it, or stop it`),
    );
  }
  try {
    const { server, address, uiUrl } = await startOnFreePorts(options);
    await lock.hand({ pid: server.pid, address, ...(uiUrl === undefined ? {} : { uiUrl }) });
    log(`Temporal server at ${address}${uiUrl === undefined ? '' : `, UI at ${uiUrl}`}`);
    return {
      address,
      uiUrl,
      pid: server.pid,
      close: async () => {
        await server.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

const database = (home: string): string => join(home, 'temporal', 'dev.db');

interface Started {
  readonly server: ServerProcess;
  readonly address: string;
  readonly uiUrl: string | undefined;
}

async function startOnFreePorts(options: DevServerOptions): Promise<Started> {
  const { home, cli, namespace = 'default', headless = false, detached = false } = options;
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort(7233));
    const uiPort = options.uiPort ?? (await freePort(8233));
    const server = await startServerProcess({
      command: cli,
      args: [
        'server',
        'start-dev',
        '--ip=127.0.0.1',
        `--port=${port}`,
        `--db-filename=${database(home)}`,
        `--namespace=${namespace}`,
        '--log-level=warn',
        headless ? '--headless' : `--ui-port=${uiPort}`,
        ...SEARCH_ATTRIBUTES.map((name) => `--search-attribute=${name}=Keyword`),
        ...Object.entries({ ...DYNAMIC_CONFIG, ...options.dynamicConfig }).map(
          ([key, value]) => `--dynamic-config-value=${key}=${JSON.stringify(value)}`,
        ),
      ],
      env: process.env,
      logFile: options.logFile ?? join(home, 'logs', 'temporal.log'),
      detached,
    });
    const address = `127.0.0.1:${port}`;
    try {
      await whenTemporalServes(address, namespace, server.ended);
      // Of two servers that start at once on one port, the loser dies a moment after the winner has answered for it,
      // and one that has only lost the port of its UI goes on without.
      await sleep(RACE_GRACE_MS);
      const end = server.ended();
      if (end !== undefined) throw new Error(`it ended with ${end}`);
      const taken = await portTaken(server);
      if (taken !== undefined) throw new Error(`port ${taken} was taken`);
      return { server, address, uiUrl: headless ? undefined : `http://localhost:${uiPort}` };
    } catch (error) {
      const tail = await server.logTail();
      const taken = await portTaken(server);
      await server.close();
      // Another process was faster between our look and the server's start.
      const picked = [options.port === undefined ? port : undefined, options.uiPort === undefined ? uiPort : undefined];
      if (taken !== undefined && picked.includes(taken) && attempt < START_ATTEMPTS) continue;
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`The Temporal server did not start: ${reason}. The end of its log:\n${tail}`, { cause: error });
    }
  }
}

/** The port that the server found taken, by its log. */
async function portTaken(server: ServerProcess): Promise<number | undefined> {
  const port = PORT_TAKEN.exec(await server.logTail())?.[1];
  return port === undefined ? undefined : Number(port);
}
