import { ALL_ACTIVITIES } from '../activities/all-activities.js';
import { lookUpTask } from '../activities/look-up-task.js';
import type { Config } from '../config/load-config.js';
import { forecast } from '../dag/forecast.js';
import type { TaskForecast } from '../dag/forecast.js';
import { openStore } from '../lake/open-store.js';
import { recordedRuns } from '../lake/run-records.js';
import type { AskedRun } from './run-command.js';
import { drawTable } from './table.js';

/** What a run would do with each of its tasks, by what the lake holds now. Writes nothing. */
export async function forecastRun(config: Config, { dag, params, plan }: AskedRun): Promise<readonly TaskForecast[]> {
  const store = openStore(config.lake, config.s3);
  const before = await recordedRuns(store, dag.id, params.fecha);
  return forecast(dag, params, plan, async (task, input, mode) =>
    lookUpTask(ALL_ACTIVITIES, store, {
      task,
      input,
      mode,
      before,
      ...(plan.reuse === undefined ? {} : { reuse: plan.reuse }),
    }),
  );
}

export function forecastTable(run: string, tasks: readonly TaskForecast[]): string {
  const count = (verdict: TaskForecast['verdict']): number => tasks.filter((task) => task.verdict === verdict).length;
  const verdicts = ['compute', 'cached', 'pinned', 'wait', 'open', 'skipped', 'excluded'] as const;
  const summary = verdicts.flatMap((verdict) => (count(verdict) === 0 ? [] : [`${count(verdict)} ${verdict}`]));
  return [
    `${run}, dry run: ${summary.join(', ')}`,
    drawTable(
      ['task', 'would be', 'why'],
      tasks.map(({ task, verdict, why }) => [task, verdict, why]),
    ),
  ].join('\n');
}
