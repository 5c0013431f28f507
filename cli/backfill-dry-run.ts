import type { Config } from '../config/load-config.js';
import { shortHash } from '../dag/backfill-plan.js';
import type { BackfillPlan } from '../dag/backfill-plan.js';
import type { Dag } from '../dag/dag.js';
import type { Verdict } from '../dag/forecast.js';
import { inLanes } from '../lake/lanes.js';
import { LOOKS } from './backfill-request.js';
import { forecastRun } from './dry-run.js';
import { drawTable } from './table.js';

/** What the run of a date would do: how many tasks come to each verdict, and why the first of them is computed. */
export interface DateForecast {
  readonly fecha: string;
  readonly tasks: { readonly [V in Verdict]?: number };
  readonly why: string;
}

/** What each date of a plan would do, by what the lake holds now. Runs nothing. */
export async function forecastBackfill(config: Config, dag: Dag, plan: BackfillPlan): Promise<readonly DateForecast[]> {
  return inLanes(
    plan.dates,
    async (fecha) => {
      const params = { ...plan.params, fecha };
      const forecast = await forecastRun(config, { dag, params, plan: plan.run, run: `${dag.id}/${fecha}` });
      const tasks: { [V in Verdict]?: number } = {};
      for (const { verdict } of forecast) tasks[verdict] = (tasks[verdict] ?? 0) + 1;
      const first = forecast.find(({ verdict }) => verdict === 'compute');
      return { fecha, tasks, why: first === undefined ? '' : `${first.task}: ${first.why}` };
    },
    LOOKS,
  );
}

export function forecastLines(plan: BackfillPlan, hash: string, dates: readonly DateForecast[]): string[] {
  const refused = Object.entries(plan.refused);
  const rows = [
    ...dates.map(({ fecha, tasks, why }) => [
      fecha,
      Object.entries(tasks)
        .map(([verdict, count]) => `${count} ${verdict}`)
        .join(', '),
      why,
    ]),
    ...refused.map(([fecha, why]) => [fecha, 'refused', why]),
  ];
  const title = `backfill of ${plan.dag}, dry run: ${dates.length} dates, ${plan.maxRuns} at once`;
  const untouched = refused.length === 0 ? '' : `, ${refused.length} refused`;
  if (rows.length === 0) return [`${title}: nothing to run`];
  return [
    title + untouched,
    drawTable(['date', 'tasks', 'why'], rows),
    `plan ${shortHash(hash)}: the same command with --plan ${shortHash(hash)} runs this, or nothing`,
  ];
}
