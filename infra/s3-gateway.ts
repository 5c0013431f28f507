import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { freePort } from './free-port.js';
import type { ServerProcess } from './server-process.js';
import { startServerProcess } from './server-process.js';
import { findVersitygw } from './versitygw.js';

export interface S3GatewayOptions {
  /** The `.segmenta` folder: the program is kept in `cache/bin`. */
  readonly home: string;
  /** Folder of the buckets. */
  readonly dataDir: string;
  readonly log: (line: string) => void;
  /** Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: `<home>/logs/s3-gateway.log`. */
  readonly logFile?: string;
}

export interface S3Gateway {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** Makes a bucket; nothing happens where we own it already. */
  readonly createBucket: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const START_ATTEMPTS = 4;
const READY_TIMEOUT_MS = 30_000;
const REGION = 'us-east-1';

/** An S3 server for tests: the one at `SEGMENTA_TEST_S3_ENDPOINT`, else versitygw on a local folder. */
export async function startS3Gateway(options: S3GatewayOptions): Promise<S3Gateway> {
  const env = options.env ?? process.env;
  const given = env['SEGMENTA_TEST_S3_ENDPOINT'];
  if (given !== undefined && given !== '') return givenGateway(given, env);
  const program = await findVersitygw({ cacheDir: join(options.home, 'cache', 'bin'), env, log: options.log });
  const keys = { accessKeyId: 'segmenta', secretAccessKey: randomUUID() };
  const { server, endpoint } = await startOnFreePort(program, keys, options, env);
  options.log(`S3 gateway at ${endpoint}`);
  return gateway(endpoint, keys, REGION, server.close);
}

function givenGateway(endpoint: string, env: NodeJS.ProcessEnv): S3Gateway {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new Error(
      `Expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for SEGMENTA_TEST_S3_ENDPOINT=${endpoint}: set both`,
    );
  }
  return gateway(endpoint, { accessKeyId, secretAccessKey }, env['AWS_REGION'] ?? REGION, async () => undefined);
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

function gateway(endpoint: string, keys: Keys, region: string, stop: () => Promise<void>): S3Gateway {
  const client = new S3Client({ endpoint, region, credentials: keys, forcePathStyle: true });
  return {
    endpoint,
    ...keys,
    region,
    createBucket: async (name) => {
      try {
        await client.send(new CreateBucketCommand({ Bucket: name }));
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'BucketAlreadyOwnedByYou') throw error;
      }
    },
    close: async () => {
      client.destroy();
      await stop();
    },
  };
}

async function startOnFreePort(
  program: string,
  keys: Keys,
  { home, dataDir, logFile = join(home, 'logs', 's3-gateway.log') }: S3GatewayOptions,
  env: NodeJS.ProcessEnv,
): Promise<{ server: ServerProcess; endpoint: string }> {
  await mkdir(dataDir, { recursive: true });
  let metadata: readonly string[] = [];
  for (let attempt = 1; ; attempt++) {
    const host = `127.0.0.1:${await freePort()}`;
    const server = await startServerProcess({
      command: program,
      args: ['--quiet', '--port', host, '--region', REGION, 'posix', ...metadata, dataDir],
      // By variables, so that the secret is in no process list.
      env: { ...env, ROOT_ACCESS_KEY: keys.accessKeyId, ROOT_SECRET_KEY: keys.secretAccessKey },
      logFile,
      detached: false,
    });
    const endpoint = `http://${host}`;
    const fault = await serves(endpoint, server);
    if (fault === undefined) return { server, endpoint };
    const tail = await server.logTail();
    await server.close();
    if (tail.includes('xattr') && metadata.length === 0) {
      // Without extended attributes, as on some container file systems, metadata goes into a folder of its own.
      // versitygw compares the paths as text: its name must not begin with the data folder's.
      const sidecar = join(dirname(dataDir), `metadata-of-${basename(dataDir)}`);
      await mkdir(sidecar, { recursive: true });
      metadata = ['--sidecar', sidecar];
    } else if (!/address already in use/i.test(tail) || attempt === START_ATTEMPTS) {
      throw new Error(`The S3 gateway did not start: ${fault}. The end of its log:\n${tail}`);
    }
  }
}

/** Why the server does not serve; `undefined` once it does. */
async function serves(endpoint: string, server: ServerProcess): Promise<string | undefined> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    // Looked at first: an answer could come from another server that has taken the port.
    const end = server.ended();
    if (end !== undefined) return `it ended with ${end}`;
    try {
      await fetch(endpoint, { signal: AbortSignal.timeout(2_000) });
      if (server.ended() === undefined) return undefined;
    } catch {
      await sleep(50);
    }
  }
  return `it did not serve at ${endpoint} within ${READY_TIMEOUT_MS / 1000} s`;
}
