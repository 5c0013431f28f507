import { join } from 'node:path';
import { Command } from 'commander';
import { findLookalikes, SHOWN } from '../activities/lookalikes/find-lookalikes.js';
import type { FoundLookalikes } from '../activities/lookalikes/find-lookalikes.js';
import { openLookalikes } from '../activities/lookalikes/open-lookalikes.js';
import { BadConfig } from '../config/bad-config.js';
import { BadCondition, parseCondition } from '../customers/condition.js';
import type { FeatureShare } from '../customers/pair-features.js';
import { openStore } from '../lake/open-store.js';
import { commandConfig } from './command-config.js';
import { jsonText } from './json-text.js';
import { drawTable } from './table.js';

interface LookalikesOptions {
  readonly k: string;
  readonly fecha?: string;
  readonly filter?: string;
  readonly json?: true;
}

export const lookalikesCommand = (): Command =>
  new Command('lookalikes')
    .description('The customers most like one customer, by the index published for a date.')
    .argument('<customer_id>', 'the customer, leading zeros included')
    .option('-k <count>', 'how many', '10')
    .option('--fecha <date>', 'fecha_modelo of the index (default: the newest)')
    .option('--filter <condition>', 'only customers such as region_clean=norte,vip_flag=false')
    .option('--json', 'as JSON, with every feature of each pair')
    .action(async (customerId: string, options: LookalikesOptions, command: Command) => {
      const k = Number(options.k);
      if (!Number.isInteger(k) || k < 1)
        throw new BadConfig(`-k: Expected a whole number of at least 1, got '${options.k}'`);
      const { lake, s3, home, engine } = await commandConfig(command);
      const cacheFolder = join(home, 'cache');
      const query = { threads: engine.threads, memoryLimit: engine.memory };
      const found = await withFilter(async () => {
        const filter = options.filter === undefined ? [] : parseCondition(options.filter);
        const lookalikes = await openLookalikes(openStore(lake, s3), { cacheFolder, fecha: options.fecha, query });
        return findLookalikes(lookalikes, customerId, { k, filter });
      });
      console.log(options.json ? jsonText(found) : lookalikesText(found, k, options.filter));
    });

/** What is wrong with the condition is wrong with the option. */
async function withFilter<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BadCondition)) throw error;
    throw new BadConfig(`--filter: ${error.message}`, { cause: error });
  }
}

/** Of the features on either side, so many fit beside the rest. */
const NAMED = 2;

/** The answer for people: who is asked about, the neighbours, and what to make of them. */
export function lookalikesText(found: FoundLookalikes, k: number, filter?: string): string {
  const { customer, neighbours, matching, recall, fecha, hints } = found;
  const names = (features: readonly FeatureShare[]): string =>
    features
      .slice(0, NAMED)
      .map(({ feature }) => feature)
      .join(', ');
  const head = ['customer_id', ...SHOWN, 'distance', 'similarity', 'together', 'apart'];
  const rows = neighbours.map((one) => [
    one.customer_id,
    ...SHOWN.map((column) => one[column]),
    one.distance,
    one.similarity.toFixed(4),
    names(one.features.together),
    names(one.features.apart),
  ]);
  const known = SHOWN.filter((column) => customer[column] !== null);
  const said = known.map((column) => `${column} ${String(customer[column])}`);
  const lines = [`Like ${[customer.customer_id, ...said].join(', ')}, on ${fecha}:`];
  if (rows.length > 0) lines.push(drawTable(head, rows));
  if (neighbours.length < k) {
    const whose = filter === undefined ? 'there are no more others' : `no more match ${filter}`;
    lines.push(`${neighbours.length} of ${k}: ${whose}`);
  } else if (filter !== undefined) lines.push(`Of ${matching.toLocaleString('en')} others that match ${filter}`);
  lines.push(...hints);
  if (recall !== null) lines.push(`Approximate: of the ten nearest such answers find ${(100 * recall).toFixed(1)}%`);
  lines.push('similarity: the share of random pairs of customers that are at least as far apart');
  return lines.join('\n');
}
