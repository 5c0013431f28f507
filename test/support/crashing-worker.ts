// A worker that kills itself, or stands still, at one point: `node dist/test/support/crashing-worker.js --config file`.
// SEGMENTA_TEST_CRASH holds a `Crash` as JSON.
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { ActivityDeps } from '../../activities/run-activity.js';
import { loadConfig } from '../../config/load-config.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { startWorker } from '../../worker/start-worker.js';
import type { Crash } from './crash.js';

// Read as what the test has written.
const { at, marker, until } = JSON.parse(process.env['SEGMENTA_TEST_CRASH'] ?? '') as Crash;

function crashIf(here: boolean): void {
  if (!here || existsSync(marker)) return;
  writeFileSync(marker, '');
  // SIGKILL ends the process before this call returns.
  if (until === undefined) process.kill(process.pid, 'SIGKILL');
}

async function stopIf(here: boolean): Promise<void> {
  crashIf(here);
  if (here && until !== undefined) await thereIs(until);
}

async function thereIs(file: string): Promise<void> {
  while (!existsSync(file)) await sleep(50);
}

const aroundTasks: ActivityInterceptorsFactory = (context) => {
  const heartbeat = context.heartbeat.bind(context);
  // The context has no interceptor for heartbeats: they are the one sign of life in the middle of a task.
  Object.assign(context, {
    heartbeat: (detail: { readonly phase?: string }) => {
      heartbeat(detail);
      const mine = at.kind === 'task' && context.info.activityId === at.task;
      crashIf(mine && at.when === 'during' && detail.phase === at.phase);
    },
  });
  return {
    inbound: {
      execute: async (input, next) => {
        const mine = at.kind === 'task' && context.info.activityId === at.task;
        await stopIf(mine && at.when === 'before');
        const result = await next(input);
        await stopIf(mine && at.when === 'after');
        return result;
      },
    },
  };
};

function aroundStore(store: ObjectStore): ObjectStore {
  const watched = async <Result>(operation: string, key: string, work: () => Promise<Result>): Promise<Result> => {
    const here = at.kind === 'store' && at.operation === operation && key.startsWith(at.key);
    await stopIf(here && at.when === 'before');
    const result = await work();
    await stopIf(here && at.when === 'after');
    return result;
  };
  return {
    url: store.url,
    head: (key) => store.head(key),
    list: (prefix) => store.list(prefix),
    read: (key) => store.read(key),
    stream: (key) => store.stream(key),
    localPath: (key) => store.localPath(key),
    probe: () => store.probe(),
    create: (key, body) => watched('create', key, () => store.create(key, body)),
    write: (key, body) => watched('write', key, () => store.write(key, body)),
    remove: (key) => watched('remove', key, () => store.remove(key)),
  };
}

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
const { values } = parseArgs({ options: { config: { type: 'string' } } });
const config = await loadConfig({ file: values.config, cwd: process.cwd(), env: process.env });
const worker = await startWorker(config, {
  deps: (deps: ActivityDeps) => ({ ...deps, store: aroundStore(deps.store) }),
  options: { interceptors: { activity: [aroundTasks] } },
});
process.once('SIGTERM', () => worker.stop());
console.log('worker ready');
await worker.stopped;
