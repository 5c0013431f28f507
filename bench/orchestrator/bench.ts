import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { positive } from '../positive.js';
import { airflowCamp } from './airflow-camp.js';
import type { Camp, Contender, Place, Started } from './contender.js';
import { dagsterCamp } from './dagster-camp.js';
import { judgeFootprint } from './footprint.js';
import { prefectCamp } from './prefect-camp.js';
import { drawReport } from './report.js';
import type { Report } from './report.js';
import { judgeTargets, summarize } from './results.js';
import { runRounds } from './rounds.js';
import { temporalCamp } from './temporal-camp.js';

const PEER_CAMPS: readonly Camp[] = [prefectCamp, dagsterCamp, airflowCamp];
const NAMES = Object.assign({}, ...[temporalCamp, ...PEER_CAMPS].map(({ names }) => names)) as Camp['names'];

const { rounds, only, json, skipPeers } = new Command('bench:orchestrator')
  .description('Times empty tasks on Segmenta, plain Temporal, Prefect, Dagster and Airflow; bench/README.md says how.')
  .option('--rounds <n>', 'measured rounds after the warm-up', positive, 15)
  .option('--only <contenders>', `some of ${Object.keys(NAMES).join(',')}`, someOf, new Set(Object.keys(NAMES)))
  .option('--skip-peers', 'only Segmenta and plain Temporal')
  .option('--json', 'print all figures as JSON')
  .parse()
  .opts<{ rounds: number; only: ReadonlySet<string>; json?: true; skipPeers?: true }>();

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const report = await compare();
const machine = {
  cores: availableParallelism(),
  platform: `${process.platform}-${process.arch}`,
  node: process.version,
};
console.log(json === true ? JSON.stringify({ machine, rounds, ...report }, null, 2) : `\n${drawReport(report)}`);
process.exitCode = report.checks.every(({ met }) => met) ? 0 : 1;

async function compare(): Promise<Report> {
  const home = resolve('.segmenta', 'bench');
  await mkdir(home, { recursive: true });
  const place: Place = { home, scratch: await mkdtemp(join(tmpdir(), 'segmenta-bench-')), log };
  const contenders: Contender[] = [];
  const ends: (() => Promise<void>)[] = [() => rm(place.scratch, { recursive: true, force: true, maxRetries: 5 })];
  const absent: { [name: string]: string } = {};
  const add = (started: Started): void => {
    ends.push(started.close);
    contenders.push(...started.contenders);
  };
  try {
    // Whoever has started waits stopped while the others start and run.
    const temporal = await temporalCamp.start(only, place);
    add(temporal);
    for (const camp of skipPeers === true ? [] : PEER_CAMPS) {
      const wanted = Object.keys(camp.names).filter((key) => only.has(key));
      if (wanted.length === 0) continue;
      log(`starting ${wanted.map((key) => NAMES[key]).join('; ')} …`);
      try {
        const started = await camp.start(only, place);
        for (const contender of started.contenders) contender.pause();
        add(started);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        for (const key of wanted) absent[NAMES[key] ?? key] = reason;
      }
    }
    const series = await runRounds(contenders, rounds, log);
    for (const { key, failure } of series) if (failure !== undefined) absent[NAMES[key] ?? key] = failure;
    const results = summarize(series, NAMES);
    const ours = await temporal.examine('fan-out');
    return {
      results,
      absent,
      ours,
      checks: ours === undefined ? [] : judgeFootprint(ours),
      targets: judgeTargets(results),
    };
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

function someOf(text: string): ReadonlySet<string> {
  const keys = new Set(text.split(','));
  for (const key of keys) {
    if (!(key in NAMES)) throw new InvalidArgumentError(`Expected some of ${Object.keys(NAMES).join(', ')}.`);
  }
  return keys;
}
