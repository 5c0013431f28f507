import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startDevServer } from '../../infra/dev-server.js';
import { freePort } from '../../infra/free-port.js';
import type { S3Gateway } from '../../infra/s3-gateway.js';
import { startS3Gateway } from '../../infra/s3-gateway.js';
import { findTemporalCli } from '../../infra/temporal-cli.js';

/** How tests reach the S3 server. */
export interface S3Access {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** `host:port` of a Temporal server with our search attributes. */
    temporalAddress: string;
    /** Path of Temporal CLI, for tests that start a server of their own; null where only TEMPORAL_ADDRESS was given. */
    temporalCli: string | null;
    /** null where there is no S3 server; `s3Absence` says why. */
    s3: S3Access | null;
    s3Absence: string | null;
  }
}

const home = resolve('.segmenta');
const logs = join(home, 'logs');
const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const isCi = !['', '0', 'false', undefined].includes(process.env['CI']);

/** Starts the servers of the integration tests, each on data of its own that goes with it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const scratch = await mkdtemp(join(tmpdir(), 'segmenta-test-'));
  const ends: (() => Promise<void>)[] = [() => rm(scratch, { recursive: true, force: true })];
  const teardown = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  // Both to their end, also where one fails: a server that is still starting could not be ended.
  const starts = await Promise.allSettled([provideTemporal(project, scratch, ends), provideS3(project, scratch, ends)]);
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed === undefined) return teardown;
  await teardown();
  throw failed.reason;
}

async function provideTemporal(project: TestProject, scratch: string, ends: (() => Promise<void>)[]): Promise<void> {
  const given = process.env['TEMPORAL_ADDRESS'];
  const finding = findTemporalCli({ cacheDir: join(home, 'cache', 'bin'), env: process.env, log });
  if (given !== undefined && given !== '') {
    project.provide('temporalAddress', given);
    project.provide('temporalCli', await finding.catch(() => null));
    return;
  }
  const cli = await finding;
  const server = await startDevServer({
    home: scratch,
    cli,
    port: await freePort(),
    headless: true,
    log,
    logFile: join(logs, 'test-temporal.log'),
  });
  ends.push(server.close);
  project.provide('temporalAddress', server.address);
  project.provide('temporalCli', cli);
}

async function provideS3(project: TestProject, scratch: string, ends: (() => Promise<void>)[]): Promise<void> {
  const dataDir = join(scratch, 's3');
  let gateway: S3Gateway;
  try {
    gateway = await startS3Gateway({ home, dataDir, log, logFile: join(logs, 'test-s3-gateway.log') });
  } catch (error) {
    if (isCi) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    project.provide('s3', null);
    project.provide('s3Absence', reason);
    ends.push(async () => log(`\nSKIPPED: the tests against S3, for want of a server. ${reason}`));
    return;
  }
  ends.push(gateway.close);
  const { endpoint, accessKeyId, secretAccessKey, region } = gateway;
  project.provide('s3', { endpoint, accessKeyId, secretAccessKey, region });
  project.provide('s3Absence', null);
}
