import { BadConfig } from '../config/bad-config.js';
import type { Config } from '../config/load-config.js';
import { runParams } from '../config/run-params.js';
import { BACKFILL_PRIORITY, codeFacts, isWanted, planDifferences, planHash, shortHash } from '../dag/backfill-plan.js';
import type { BackfillPlan, Only } from '../dag/backfill-plan.js';
import { MOST_RUNS } from '../dag/backfill-control.js';
import type { Dag } from '../dag/dag.js';
import { datesOf, parseStep } from '../dag/date-range.js';
import { PermanentError } from '../dag/permanent-error.js';
import { keptPlan } from '../lake/backfill-plans.js';
import { inLanes } from '../lake/lanes.js';
import type { ObjectStore } from '../lake/object-store.js';
import { recordedDate } from '../lake/recorded-dates.js';
import { requestedPlan } from './run-request.js';
import type { PlanOptions } from './run-request.js';

/** What `backfill` can be asked. */
export interface BackfillOptions extends Pick<PlanOptions, 'select' | 'exclude' | 'refresh' | 'holdOnFailure'> {
  readonly from: string;
  readonly to: string;
  readonly every: string;
  readonly maxRuns: string;
  readonly only: string;
  readonly newestFirst?: true;
  readonly param: readonly string[];
}

/** What is planned now is not what the dry run showed. */
export class PlanChanged extends PermanentError {
  override readonly name = 'PlanChanged';
}

/** So many looks into the lake at once. */
export const LOOKS = 8;

/** The plan of a backfill, as the configuration, the lake and the code are now. It may have no dates. */
export async function requestedBackfill(
  config: Config,
  store: ObjectStore,
  dag: Dag,
  options: BackfillOptions,
): Promise<BackfillPlan> {
  const only = parseOnly(options.only);
  const maxRuns = parseMaxRuns(options.maxRuns);
  const range = datesOf({ from: options.from, to: options.to, every: parseStep(options.every) });
  const { select, exclude, refresh, holdOnFailure } = options;
  const asked = { select, exclude, refresh, holdOnFailure };
  const said = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const run = await requestedPlan(store, dag, options.from, { ...said, priority: BACKFILL_PRIORITY });
  const tasks = Object.keys(run.tasks);
  const wanted = await filtered(range, async (fecha) =>
    only === 'all' ? true : isWanted(only, await recordedDate(store, dag.id, fecha, tasks)),
  );
  const { params, refused } = commonParams(config, dag, range, options.param);
  const dates = wanted.filter((fecha) => refused[fecha] === undefined);
  const [{ ALL_ACTIVITIES }, { ENGINE_VERSION }] = await Promise.all([
    import('../activities/all-activities.js'),
    import('../activities/engine-version.js'),
  ]);
  const versions = Object.fromEntries(Object.entries(ALL_ACTIVITIES).map(([name, { version }]) => [name, version]));
  return {
    dag: dag.id,
    dates: options.newestFirst ? dates.toReversed() : dates,
    refused: Object.fromEntries(Object.entries(refused).filter(([fecha]) => wanted.includes(fecha))),
    params,
    run,
    maxRuns,
    code: codeFacts(dag, versions, ENGINE_VERSION),
  };
}

/**
 * The parameters that all dates share, and the dates for which there are none, with the reason. Where no date has any, it
 * is not for its date that it is refused: throws that.
 */
function commonParams(
  config: Config,
  dag: Dag,
  dates: readonly string[],
  said: readonly string[],
): Pick<BackfillPlan, 'params' | 'refused'> {
  const refused: { [fecha: string]: string } = {};
  let params: BackfillPlan['params'] | undefined;
  let first: BadConfig | undefined;
  for (const fecha of dates) {
    try {
      const { fecha: _fecha, ...shared } = runParams(config, dag, fecha, said) as Record<string, unknown>;
      params = shared;
    } catch (error) {
      if (!(error instanceof BadConfig)) throw error;
      first ??= error;
      refused[fecha] = error.message;
    }
  }
  if (params !== undefined) return { params, refused };
  throw first ?? new BadConfig(`Expected at least one date, got none`);
}

async function filtered<Item>(
  items: readonly Item[],
  isWanted: (item: Item) => Promise<boolean>,
): Promise<readonly Item[]> {
  const wanted = await inLanes(items, isWanted, LOOKS);
  return items.filter((_, at) => wanted[at]);
}

/** Throws `PlanChanged`, with what differs, where the plan is not the one of this hash. */
export async function expectPlan(store: ObjectStore, plan: BackfillPlan, said: string): Promise<void> {
  const hash = planHash(plan);
  if (!/^[0-9a-f]{8,64}$/.test(said)) {
    throw new BadConfig(`--plan: Expected at least the first 8 digits of a plan's hash, got '${said}'`);
  }
  if (hash.startsWith(said)) return;
  const before = await keptPlan(store, said);
  const why =
    before === undefined
      ? `no dry run in lake ${store.url} showed ${said}`
      : `since its dry run: ${planDifferences(before, plan).join('; ')}`;
  throw new PlanChanged(`Expected the plan ${said}, got ${shortHash(hash)}: ${why}. Look at it with --dry-run`);
}

function parseOnly(text: string): Only {
  if (text === 'missing' || text === 'failed' || text === 'all') return text;
  throw new BadConfig(`--only: Expected missing, failed or all, got '${text}'`);
}

export function parseMaxRuns(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_RUNS) return count;
  throw new BadConfig(`--max-runs: Expected 1..${MOST_RUNS}, got '${text}'`);
}
