// The tour's own services: `segmenta dev` as a process, and who gets the callbacks.
import { spawn } from 'node:child_process';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../bin/segmenta.mjs', import.meta.url));

const START_MS = 120_000;
const STOP_MS = 30_000;

/** `segmenta dev` in a folder, ready for runs. `stop` ends it and all that it started. */
export async function startDev({ folder, env }) {
  const child = spawn(process.execPath, [command, 'dev'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let said = '';
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    // The server ends with its starter, however that ends; the worker has to be told.
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      const worker = /worker started \(process (\d+)/.exec(said)?.[1];
      if (worker !== undefined) process.kill(Number(worker), 'SIGKILL');
    }, STOP_MS);
    await exited;
    clearTimeout(late);
  };
  const heard = new Promise((resolve) => {
    const hear = (chunk) => {
      said += chunk;
      if (/^ready: /m.test(said)) resolve('ready');
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  const ended = exited.then(([status]) => `ended with status ${status}`);
  const first = await Promise.race([heard, ended, sleep(START_MS, 'was not ready in time', { ref: false })]);
  if (first === 'ready') {
    return {
      address: /^Temporal server at (\S+),/m.exec(said)?.[1],
      metrics: /^metrics: (\S+)$/m.exec(said)?.[1],
      stop,
    };
  }
  await stop();
  throw new Error(`\`segmenta dev\` ${first}: ${said}`);
}

/** A server that takes callbacks and keeps them, and whether each was signed with `secret`. */
export async function startReceiver(secret) {
  const events = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const { 'x-segmenta-timestamp': timestamp = '', 'x-segmenta-signature': signature = '' } = request.headers;
    const expected = `v1=${createHmac('sha256', secret)
      .update(`${String(timestamp)}.`)
      .update(body)
      .digest('hex')}`;
    const verified =
      signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
    events.push({ ...JSON.parse(body.toString()), verified, delivery: request.headers['x-segmenta-delivery'] });
    // The first one is lost on its way: it has to come again.
    response.writeHead(events.length === 1 ? 503 : 204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/hooks/ventas`,
    of: (event, fecha) => events.filter((one) => one.event === event && one.fecha === fecha),
    first: () => events.slice(0, 1),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
