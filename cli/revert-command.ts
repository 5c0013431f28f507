import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { BadConfig } from '../config/bad-config.js';
import type { Config } from '../config/load-config.js';
import type { ObjectStore } from '../lake/object-store.js';
import type { TableSchema } from '../lake/delta-schema.js';
import { openStore } from '../lake/open-store.js';
import { rowsOf } from '../lake/partition-history.js';
import type { PartitionVersion } from '../lake/partition-history.js';
import { planRevert } from '../lake/plan-revert.js';
import type { RevertPlan } from '../lake/plan-revert.js';
import { revertPartition } from '../lake/revert-partition.js';
import type { Revert, Reverted } from '../lake/revert-partition.js';
import { commandConfig } from './command-config.js';
import { exportPublished } from './export-published.js';
import { findTable, TABLE_NAMES } from './find-table.js';

interface RevertOptions {
  readonly fecha: string;
  readonly toVersion?: string;
  readonly why?: string;
  readonly as?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

export const revertCommand = (): Command =>
  new Command('revert')
    .description(
      'Puts the previous content of a date back, as a new version of the table. Of several tables, those go back that ' +
        'the newest run or revert among them changed. Reverting again undoes the revert.',
    )
    .argument('<table...>', TABLE_NAMES)
    .requiredOption('--fecha <date>', 'the partition, as YYYY-MM-DD')
    .option('--to-version <version>', 'what the partition was at this version of the one table (see `history`)')
    .option('--why <reason>', 'the reason, for the history of the table')
    .option('--as <name>', 'who reverts, for the history of the table (default: the user of this system)')
    .option('--dry-run', 'say what would be done, and change nothing')
    .option('--json', 'as JSON')
    .action(async (names: readonly string[], options: RevertOptions, command: Command) => {
      const tables = [...new Set(names)].map(findTable);
      const toVersion = versionOf(options.toVersion, tables.length);
      const { fecha, why, dryRun = false, json } = options;
      const by = options.as ?? systemUser();
      const config = await commandConfig(command);
      const store = openStore(config.lake, config.s3);
      const plans = await planRevert(store, { tables, fecha, ...(toVersion === undefined ? {} : { toVersion }) });
      const said = { lake: store.url, fecha, dryRun, by, why };
      if (dryRun) {
        if (json) console.log(JSON.stringify({ ...said, tables: plans.map(planned), exports: [] }));
        else for (const plan of plans) console.log(planLine(plan));
        return;
      }
      const cacheFolder = join(config.home, 'cache');
      const revert = { by, run: `revert/${by}/${randomUUID()}`, cacheFolder, ...(why === undefined ? {} : { why }) };
      const say = json ? (): void => {} : console.log;
      const { done, exports } = await revertAll(config, store, plans, revert, say);
      if (json) console.log(JSON.stringify({ ...said, run: revert.run, tables: done, exports }));
    });

function versionOf(text: string | undefined, tables: number): number | undefined {
  if (text === undefined) return undefined;
  const version = Number(text);
  if (!Number.isInteger(version) || version < 0 || text.trim() === '') {
    throw new BadConfig(`--to-version: Expected a version of the table's log, such as 3, got '${text}'`);
  }
  if (tables > 1) throw new BadConfig(`--to-version: Expected one table, got ${tables}: each counts its own versions`);
  return version;
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch (cause) {
    throw new BadConfig('Expected the system to know its user, and it does not: say who reverts with --as', { cause });
  }
}

/** One commit a table, in this order; each is said as it lands, and what was copied in other formats follows it. */
async function revertAll(
  config: Config,
  store: ObjectStore,
  plans: readonly RevertPlan[],
  revert: Revert,
  say: (line: string) => void,
): Promise<{ readonly done: readonly Reverted[]; readonly exports: readonly string[] }> {
  const done: Reverted[] = [];
  const exports: string[] = [];
  try {
    for (const plan of plans) {
      const reverted = await revertPartition(store, plan, revert);
      done.push(reverted);
      say(revertedLine(plan, reverted));
      if (plan.table.exported !== true) continue;
      for (const key of await exportAgain(config, store, plan.table, reverted)) {
        exports.push(key);
        say(`written again: ${key}`);
      }
    }
  } catch (error) {
    const names = done.filter(({ unchanged }) => !unchanged).map(({ table }) => table);
    const left = plans.slice(done.length).map(({ table }) => table.name);
    if (names.length > 0) {
      // Naming them again would undo what has been done.
      const rest = left.length === 0 ? '' : `. For the rest, name only: ${left.join(' ')}`;
      console.error(`${names.join(', ')} went back before this failed${rest}`);
    }
    throw error;
  }
  return { done, exports };
}

/** Keys of the copies that were written; those that agree with the table are left alone. */
async function exportAgain(
  config: Config,
  store: ObjectStore,
  table: TableSchema,
  { fecha, version }: Reverted,
): Promise<readonly string[]> {
  try {
    const copies = await exportPublished(config, store, table, fecha);
    return copies.filter(({ unchanged }) => !unchanged).map(({ key }) => key);
  } catch (error) {
    const again = `segmenta revert ${table.name} --fecha ${fecha} --to-version ${version}`;
    console.error(
      `The copies of ${table.name} under exports/ may be of another content: \`${again}\` writes them alone`,
    );
    throw error;
  }
}

const planned = ({ table, fecha, from, to, changes }: RevertPlan): Omit<Reverted, 'version'> => ({
  table: table.name,
  fecha,
  from: from.version,
  to: to.version,
  rows: rowsOf(to),
  unchanged: !changes,
});

function planLine({ table, fecha, from, to, changes }: RevertPlan): string {
  const what = `${table.name} ${fecha}`;
  if (!changes) return `${what}: would stay as it is, ${describe(from)}`;
  return `${what}: would go back to ${describe(to)}, from ${describe(from)}`;
}

function revertedLine({ table, fecha, from, to }: RevertPlan, { version, unchanged }: Reverted): string {
  const what = `${table.name} ${fecha}`;
  if (unchanged) return `${what}: stays as it is, ${describe(from)}`;
  return `${what}: version ${version} is back at ${describe(to)}, from version ${from.version}`;
}

function describe(version: PartitionVersion): string {
  const said = [`${rowsOf(version).toLocaleString('en')} rows`, version.when, version.by ?? version.run];
  return `version ${version.version} (${said.filter((part) => part !== undefined).join(', ')})`;
}
