import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, inject, it, vi } from 'vitest';

// Some hundred processes, one after the other.
const PATIENCE_MS = 900_000;
vi.setConfig({ testTimeout: PATIENCE_MS + 60_000 });

const cli = inject('temporalCli');

it.skipIf(cli === null)('the tour shows every feature of the DAG layer from the command line', async () => {
  const env = { ...process.env, TEMPORAL_CLI_PATH: cli ?? '' };
  const said = await new Promise<string>((done) => {
    execFile(process.execPath, [resolve('scripts/tour.mjs')], { env, timeout: PATIENCE_MS }, (_, stdout, stderr) =>
      done(stderr + stdout),
    );
  });
  expect(said).toMatch(/^[1-9]\d* steps passed in [\d.]+ s\n$/m);
});
