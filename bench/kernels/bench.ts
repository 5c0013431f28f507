import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { Place } from '../orchestrator/contender.js';
import { Data } from './data.js';
import { measureLimits } from './limits.js';
import { machineLines } from './machine.js';
import { measureRow } from './measure-row.js';
import type { RowResult } from './measure-row.js';
import { drawReport, markdownReport } from './report.js';
import { growthRows } from './rows/growth-rows.js';
import { kMeansRows } from './rows/kmeans-rows.js';
import { pipelineRows } from './rows/pipeline-rows.js';
import { searchRows } from './rows/search-rows.js';
import type { Size } from './rows/size.js';
import { tableRows } from './rows/table-rows.js';

/** By what everything is divided where the bench is only tried out. */
const SMALL = 50;

const allRows = (size: Size) => [
  ...kMeansRows(size),
  ...searchRows(size),
  ...tableRows(size),
  ...pipelineRows(size),
  ...growthRows(size),
];
const GROUPS = [...new Set(allRows((rows) => rows).map(({ group }) => group))];

const command = new Command('bench')
  .description('Times our kernels and pipeline beside the Python libraries; bench/README.md says how.')
  .argument('[groups...]', `some of ${GROUPS.join(', ')}; default: all`)
  .option('--rounds <n>', 'measured rounds after the warm-up', positive, 5)
  .option('--budget <seconds>', 'no further round of a row that has taken so long', positive, 300)
  .option('--only <text>', 'rows whose title has this in it', '')
  .option('--small', `a ${SMALL}th of the rows: to see that it runs, not to compare`)
  .option('--json', 'print all figures as JSON')
  .option('--no-write', 'leave bench/results/ alone')
  .parse();
const { rounds, budget, only, small, json, write } = command.opts<{
  rounds: number;
  budget: number;
  only: string;
  small?: true;
  json?: true;
  write: boolean;
}>();
const groups = command.args.length === 0 ? GROUPS : command.args;
const unknown = groups.find((group) => !GROUPS.includes(group));
if (unknown !== undefined) command.error(`Expected some of ${GROUPS.join(', ')}, got ${unknown}`);

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const limits = await measureLimits();
const machine = await machineLines(limits);
const results = await measureAll();
console.log(
  json === true ? JSON.stringify({ machine, limits, rounds, results }, null, 2) : `\n${drawReport(results, limits)}`,
);
if (write && small !== true && only === '') await writeResults();

async function measureAll(): Promise<readonly RowResult[]> {
  const home = resolve('.segmenta', 'bench');
  await mkdir(home, { recursive: true });
  const place: Place = { home, scratch: await mkdtemp(join(tmpdir(), 'segmenta-bench-')), log };
  const data = new Data(place);
  const size: Size = (rows) => (small === true ? Math.ceil(rows / SMALL) : rows);
  const found: RowResult[] = [];
  try {
    for (const row of allRows(size)) {
      if (!groups.includes(row.group) || !row.title.includes(only)) continue;
      found.push(await measureRow(row, data, place, { rounds, budgetSeconds: budget }));
    }
    return found;
  } finally {
    await rm(place.scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function writeResults(): Promise<void> {
  const date = new Date().toISOString().slice(0, 10);
  const name = command.args.length === 0 ? date : `${date}-${groups.join('-')}`;
  const folder = resolve('bench', 'results');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.md`), markdownReport({ date, machine, rounds, limits }, results));
  log(`written: bench/results/${name}.md`);
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number from 1 on.');
  return value;
}
