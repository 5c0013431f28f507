import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { runningDevServer, startDevServer } from '../../infra/dev-server.js';
import type { DevServer } from '../../infra/dev-server.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-dev-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const cli = inject('temporalCli') ?? '';
const log = (): void => undefined;

/** The workflows that a server lists for a DAG, as id and FechaModelo. */
async function listed(server: DevServer, dag: string): Promise<string[]> {
  const connection = await Connection.connect({ address: server.address });
  try {
    const found: string[] = [];
    for await (const { workflowId, typedSearchAttributes } of new Client({ connection }).workflow.list({
      query: `Dag = '${dag}'`,
    })) {
      found.push(`${workflowId} ${typedSearchAttributes.get(defineSearchAttributeKey('FechaModelo', 'KEYWORD'))}`);
    }
    return found;
  } finally {
    await connection.close();
  }
}

describe.skipIf(cli === '')('startDevServer', () => {
  it('serves, and after a restart still lists the workflows by Dag and FechaModelo', async () => {
    const home = await mkdtemp(join(scratch, 'home-'));
    const first = await startDevServer({ home, cli, log });
    try {
      expect((await fetch(first.uiUrl ?? '')).status).toBe(200);
      const connection = await Connection.connect({ address: first.address });
      await new Client({ connection }).workflow.start('anything', {
        taskQueue: 'nobody',
        workflowId: 'segmentation/2026-11-16',
        typedSearchAttributes: [
          { key: defineSearchAttributeKey('Dag', 'KEYWORD'), value: 'segmentation' },
          { key: defineSearchAttributeKey('FechaModelo', 'KEYWORD'), value: '2026-11-16' },
        ],
      });
      await connection.close();
      await expect.poll(() => listed(first, 'segmentation'), { timeout: 10_000 }).toHaveLength(1);
    } finally {
      await first.close();
    }
    const second = await startDevServer({ home, cli, log, headless: true });
    try {
      expect(second.uiUrl).toBeUndefined();
      expect(await listed(second, 'segmentation')).toEqual(['segmentation/2026-11-16 2026-11-16']);
    } finally {
      await second.close();
    }
  });

  it.each([
    ['all of them', '*'],
    ['those of later versions', 'RunKind|FailedTask'],
  ])('adds the search attributes to a database that was made without %s', async (_, names) => {
    const home = await mkdtemp(join(scratch, 'home-'));
    const plain = await startDevServer({ home, cli: await withoutAttributes(names), log, headless: true }).catch(
      (error: unknown) => error,
    );
    if (plain instanceof Error) throw plain;
    await (plain as DevServer).close();
    const server = await startDevServer({ home, cli, log, headless: true });
    expect(await listed(server, 'none')).toEqual([]);
    await server.close();
  });

  it('says which server has the database, and can be asked for it', async () => {
    const home = await mkdtemp(join(scratch, 'home-'));
    expect(await runningDevServer(home)).toBeUndefined();
    const server = await startDevServer({ home, cli, log, headless: true });
    try {
      await expect(startDevServer({ home, cli, log })).rejects.toThrow(
        `(process ${server.pid} at ${server.address}) already uses ${join(home, 'temporal', 'dev.db')}`,
      );
      expect(await runningDevServer(home)).toEqual({ pid: server.pid, address: server.address });
    } finally {
      await server.close();
    }
    expect(await runningDevServer(home)).toBeUndefined();
  });

  it('lets two start at once, each on ports of its own', async () => {
    const homes = [await mkdtemp(join(scratch, 'home-')), await mkdtemp(join(scratch, 'home-'))];
    const servers = await Promise.all(homes.map((home) => startDevServer({ home, cli, log })));
    await Promise.all(servers.map((server) => server.close()));
    expect(new Set(servers.flatMap(({ address, uiUrl }) => [address, uiUrl])).size).toBe(4);
  });

  it('shows the end of the log where the server does not start', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    if (address === null || typeof address === 'string') throw new Error('Expected a TCP address');
    const home = await mkdtemp(join(scratch, 'home-'));
    await expect(startDevServer({ home, cli, log, port: address.port })).rejects.toThrow(
      /did not start: it ended with exit code 1\. The end of its log:\n.*address already in use/,
    );
    taken.close();
    expect(await runningDevServer(home)).toBeUndefined();
  });

  it.each([
    ['ends with the process that started it, however that ends', false],
    ['outlives it where detached', true],
  ])('%s', async (_, detached) => {
    const home = await mkdtemp(join(scratch, 'home-'));
    const starter = join(home, 'starter.mjs');
    const module = pathToFileURL(join(process.cwd(), 'dist', 'infra', 'dev-server.js')).href;
    const options = JSON.stringify({ home, cli, headless: true, detached });
    await writeFile(
      starter,
      `import { startDevServer } from '${module}';
       const { pid } = await startDevServer({ ...${options}, log: () => undefined });
       process.stdout.write(String(pid));
       setInterval(() => undefined, 1000);`,
    );
    const parent = spawn(process.execPath, [starter], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [pid] = (await once(parent.stdout, 'data')).map(Number);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    const alive = (): boolean => {
      try {
        return process.kill(pid ?? 0, 0);
      } catch {
        return false;
      }
    };
    if (detached) {
      await sleep(2_000);
      expect(alive()).toBe(true);
      expect((await runningDevServer(home))?.pid).toBe(pid);
      process.kill(pid ?? 0, 'SIGKILL');
    } else {
      await expect.poll(alive, { timeout: 15_000 }).toBe(false);
      expect(await runningDevServer(home)).toBeUndefined();
    }
  });
});

/** A Temporal CLI that ignores --search-attribute of some names, as a shell's `case` has them. */
async function withoutAttributes(names: string): Promise<string> {
  const path = join(scratch, 'temporal-plain');
  const ignored = names
    .split('|')
    .map((name) => `--search-attribute=${name}=*`)
    .join('|');
  const script = `#!/bin/sh\nfor a; do shift; case "$a" in ${ignored}) ;; *) set -- "$@" "$a";; esac; done\nexec '${cli}' "$@"\n`;
  await writeFile(path, script, { mode: 0o755 });
  return path;
}
