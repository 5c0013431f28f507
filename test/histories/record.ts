// Records the histories that `replay.test.ts` replays: `npm run record-histories`. Takes about two minutes, on a Temporal
// server of its own. When that is allowed, docs/deploys.md says.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { startDevServer } from '../../infra/dev-server.js';
import { freePort } from '../../infra/free-port.js';
import { findTemporalCli } from '../../infra/temporal-cli.js';
import { writeHistory } from './history-file.js';
import { recordDags } from './record-dags.js';
import { recordShapes } from './record-shapes.js';

const folder = resolve('test/histories');
const log = (line: string): void => console.error(line);

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
const scratch = await mkdtemp(join(tmpdir(), 'segmenta-histories-'));
const cli = await findTemporalCli({ cacheDir: resolve('.segmenta/cache/bin'), env: process.env, log });
const server = await startDevServer({ home: scratch, cli, port: await freePort(), headless: true, log });
try {
  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection });
  await recordShapes(client, server.address, scratch, keepIn('shapes'));
  await recordDags(client, server.address, scratch, keepIn('dags'));
  await connection.close();
} finally {
  await server.close();
  await rm(scratch, { recursive: true, force: true });
}

function keepIn(kind: string) {
  return async (name: string, handle: WorkflowHandle): Promise<void> => {
    // Where the lake was, sensors say.
    const history = writeHistory(await handle.fetchHistory()).replaceAll(scratch, '/recording');
    expectNothingOfHere(name, history);
    await mkdir(join(folder, kind), { recursive: true });
    await writeFile(join(folder, kind, `${name}.json`), history);
    log(`${kind}/${name}.json: ${history.split('\n').length - 3} events, ${Math.ceil(history.length / 1024)} KiB`);
  };
}

/** Payloads carry what workflows and tasks say, which may name files. */
function expectNothingOfHere(name: string, text: string): void {
  const found = [hostname(), homedir(), tmpdir(), process.cwd()].find((here) => text.includes(here));
  if (found !== undefined)
    throw new Error(`Expected nothing of this machine in the history of ${name}, got '${found}'`);
}
