import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { positive } from '../positive.js';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../config/load-config.js';
import { argentina } from '../../demo/customers/argentina.js';
import { writeCustomers } from '../../demo/customers/write-customers.js';
import { startDevServer } from '../../infra/dev-server.js';
import { freePort } from '../../infra/free-port.js';
import { findTemporalCli } from '../../infra/temporal-cli.js';
import type { Place } from '../orchestrator/contender.js';
import type { Contender, Figures } from './contender.js';
import { ourContender } from './our-run.js';
import { ENGINES, pandasContender } from './pandas-run.js';
import { drawResults, summarize } from './report.js';

const KEYS = ['segmenta', ...ENGINES];

const { customers, rounds, only, json } = new Command('bench:lookalikes')
  .description('Times the DAG `lookalikes` beside a pandas and scikit-learn script; bench/README.md says how.')
  .option('--customers <n>', 'customers of the generated table', positive, 100_000)
  .option('--rounds <n>', 'measured rounds', positive, 3)
  .option('--only <contenders>', `some of ${KEYS.join(',')}`, someOf, new Set(KEYS))
  .option('--json', 'print all figures as JSON')
  .parse()
  .opts<{ customers: number; rounds: number; only: ReadonlySet<string>; json?: true }>();

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const { results, absent } = await compare();
const machine = {
  cores: availableParallelism(),
  platform: `${process.platform}-${process.arch}`,
  node: process.version,
};
console.log(
  json === true
    ? JSON.stringify({ machine, customers, results, absent }, null, 2)
    : `\n${drawResults(results, absent)}`,
);

async function compare() {
  const home = resolve('.segmenta', 'bench');
  await mkdir(home, { recursive: true });
  const place: Place = { home, scratch: await mkdtemp(join(tmpdir(), 'segmenta-bench-')), log };
  const ends: (() => Promise<void>)[] = [() => rm(place.scratch, { recursive: true, force: true, maxRetries: 5 })];
  try {
    log(`generating ${customers.toLocaleString('en')} customers …`);
    const { xlsxFile } = await writeCustomers(join(place.scratch, 'in'), { profile: argentina, seed: 7, customers });
    const contenders: Contender[] = ENGINES.map((engine) => pandasContender(engine, xlsxFile, place));
    if (only.has('segmenta')) {
      const server = await startServer(place);
      ends.push(server.close);
      const config = await loadConfig({ file: await configFor(xlsxFile, place), cwd: place.scratch, env: {} });
      contenders.unshift(ourContender(config, server.address, place.scratch));
    }
    return await runRounds(contenders.filter(({ key }) => only.has(key)));
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

async function startServer({ scratch, home }: Place): ReturnType<typeof startDevServer> {
  const cli = await findTemporalCli({ cacheDir: resolve('.segmenta', 'cache', 'bin'), env: process.env, log });
  const logFile = join(home, 'logs', 'lookalikes-server.log');
  return startDevServer({ home: scratch, cli, port: await freePort(), headless: true, log, logFile });
}

/** The demo's configuration over this table, with its first audience alone: the peers make one. */
async function configFor(table: string, { scratch }: Place): Promise<string> {
  // Our own file, which the tests hold to its schema.
  const demo = parse(await readFile(resolve('configs', 'lookalikes-demo.yaml'), 'utf8')) as {
    sources: { clientes: object };
    dags: { lookalikes: { audiences: readonly unknown[] } };
  };
  const { lookalikes } = demo.dags;
  const file = join(scratch, 'segmenta.yaml');
  const said = {
    sources: { clientes: { ...demo.sources.clientes, path: table } },
    dags: { lookalikes: { ...lookalikes, audiences: lookalikes.audiences.slice(0, 1) } },
  };
  await writeFile(file, stringify(said));
  return file;
}

/** In turn, every second round in reverse, so that a load that comes and goes on the machine meets all of them. */
async function runRounds(contenders: readonly Contender[]) {
  const runs = new Map<string, (Figures | undefined)[]>(contenders.map(({ key }) => [key, []]));
  const absent: { [name: string]: string } = {};
  for (let round = 1; round <= rounds; round++) {
    for (const contender of round % 2 === 1 ? contenders : contenders.toReversed()) {
      const { key, name, peer } = contender;
      if (absent[name] !== undefined) continue;
      try {
        const figures = await contender.run(round);
        runs.get(key)?.push(figures);
        log(`round ${round}: ${key} ${figures.seconds.toFixed(1)} s, ${figures.peakMiB ?? '?'} MiB`);
      } catch (error) {
        if (!peer) throw error;
        absent[name] = error instanceof Error ? error.message : String(error);
        log(`round ${round}: ${key} failed: ${absent[name]}`);
      }
    }
  }
  return {
    results: summarize(contenders.map((contender) => ({ contender, runs: runs.get(contender.key) ?? [] }))),
    absent,
  };
}

function someOf(text: string): ReadonlySet<string> {
  const keys = new Set(text.split(','));
  for (const key of keys) {
    if (!KEYS.includes(key)) throw new InvalidArgumentError(`Expected some of ${KEYS.join(', ')}.`);
  }
  return keys;
}
