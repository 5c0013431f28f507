import { mkdtemp, rm, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import { openStore } from '../../lake/open-store.js';
import { compareWays, evaluateDates } from './evaluate-dates.js';
import { evaluationTables } from './evaluation-tables.js';

const MARKS = ['<!-- audience figures -->\n', '<!-- end of audience figures -->'] as const;

const { data, draws, write } = new Command('bench:audience')
  .description('The lift of an audience of coupon redeemers on completejourney; bench/README.md says how.')
  .option('--data <folder>', 'the data set', resolve('../shared/data/completejourney'))
  .option('--draws <count>', 'of the bootstrap', Number, 2000)
  .option('--write', 'put the tables into README.md')
  .parse()
  .opts<{ data: string; draws: number; write?: true }>();

const threads = new KernelThreads({ threads: availableParallelism() });
const folder = await mkdtemp(join(tmpdir(), 'segmenta-audience-'));
try {
  const deps = {
    store: openStore(join(folder, 'lake')),
    cacheFolder: join(folder, 'cache'),
    threads,
    queryThreads: availableParallelism(),
    queryMemory: '2GB',
  };
  const dates = await evaluateDates(deps, data, (fecha) => void process.stderr.write(`${fecha} …\n`));
  const tables = evaluationTables(dates, compareWays(dates, draws)).join('\n');
  console.log(tables);
  if (write === true) {
    const text = await readFile('README.md', 'utf8');
    const [from, to] = [text.indexOf(MARKS[0]), text.indexOf(MARKS[1])];
    if (from < 0 || to < from) throw new Error(`Expected ${MARKS.join('… ')} in README.md`);
    await writeFile('README.md', `${text.slice(0, from + MARKS[0].length)}\n${tables}\n\n${text.slice(to)}`);
  }
} finally {
  await threads.close();
  await rm(folder, { recursive: true, force: true });
}
