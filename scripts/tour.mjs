// `npm run tour`: every word of a DAG and every action of an operator, on the DAGs `ventas` and `ranking`, by the command
// line alone: `segmenta dev` on a home of its own, and one `segmenta` process after the other, as a user types them. A
// line a step, then `N steps passed`; where a step fails, what it ran and what that said, and status 1.
// `--verbose` shows all of it. `docs/write-your-own.md` and `docs/operating-a-run.md` explain what is seen here.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';
import { createStage } from './tour/stage.mjs';
import { startDev, startReceiver } from './tour/services.mjs';
import { tasks } from './tour/tasks.mjs';
import { waiting } from './tour/waiting.mjs';
import { memory } from './tour/memory.mjs';
import { control } from './tour/control.mjs';
import { holding } from './tour/holding.mjs';
import { parts } from './tour/parts.mjs';
import { sharing } from './tour/sharing.mjs';
import { telling } from './tour/telling.mjs';
import { reverting } from './tour/reverting.mjs';

const SECRET = 'a secret of the tour';

await setup();
const { findTemporalCli } = await import('../dist/infra/temporal-cli.js');

const folder = await mkdtemp(join(tmpdir(), 'segmenta-tour-'));
const receiver = await startReceiver(SECRET);
let dev;

const cacheDir = fileURLToPath(new URL('../.segmenta/cache/bin', import.meta.url));
const temporalCli = await findTemporalCli({ cacheDir, env: process.env, log: console.error });
// Nothing of this machine's settings: what is to be seen here comes from the configuration below.
const inherited = Object.entries(process.env).filter(([name]) => !/^(SEGMENTA|TEMPORAL|AWS)_/.test(name));
const env = { ...Object.fromEntries(inherited), TEMPORAL_CLI_PATH: temporalCli, TOUR_WEBHOOK_SECRET: SECRET };
const stage = createStage({ folder, env, verbose: process.argv.includes('--verbose') });

/** Starts `segmenta dev`, anew where it runs, with so many slots in the pool that `ventas` uses. */
async function restart(slots) {
  await dev?.stop();
  const callback = `{ url: '${receiver.url}', on: [success, failure, deadline], secretEnv: TOUR_WEBHOOK_SECRET }`;
  await writeFile(
    join(folder, 'segmenta.yaml'),
    `lake: ./lake\npools: { ventas: ${slots} }\ncallbacks:\n  - ${callback}\n`,
  );
  dev = await startDev({ folder, env });
}

async function end(status) {
  await dev?.stop();
  await receiver.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(status);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end(130));

const started = Date.now();
const seconds = (since) => `${((Date.now() - since) / 1_000).toFixed(1)} s`;
let passed = 0;
let at = 'start `segmenta dev`';
try {
  await restart(1);
  const context = { stage, receiver, restart, temporalCli, address: () => dev.address, metrics: () => dev.metrics };
  for (const chapter of [tasks, waiting, memory, control, holding, parts, sharing, telling, reverting]) {
    console.log(chapter.title);
    for (const [title, step] of chapter.steps) {
      const since = Date.now();
      at = String(title);
      stage.transcript.length = 0;
      await step(context);
      passed += 1;
      console.log(`  ${String(passed).padStart(2)} ${at} (${seconds(since)})`);
    }
  }
} catch (error) {
  console.error(
    `FAILED: ${at}\n${stage.transcript.join('\n')}\n${error instanceof Error ? error.stack : String(error)}`,
  );
  console.log(`${passed} steps passed, then one failed`);
  await end(1);
}
console.log(`${passed} steps passed in ${seconds(started)}`);
await end(0);
