import { join } from 'node:path';
import { buildFeatures } from '../../activities/build-features.js';
import type { ActivityDefinition } from '../../activities/define-activity.js';
import { ingestTransactions } from '../../activities/ingest-transactions.js';
import { runActivity } from '../../activities/run-activity.js';
import type { ActivityDeps } from '../../activities/run-activity.js';
import { scaleFeatures } from '../../activities/scale-features.js';
import { loadConfig } from '../../config/load-config.js';
import { runParams } from '../../config/run-params.js';
import { openArtifact } from '../../lake/artifact-store.js';
import { segmentationDag } from '../../workflows/segmentation-dag.js';

/** The first days of four months in a row: before July there are under 200 seeds, after October few redeem for the first time. */
export const DATES = ['2017-07-01', '2017-08-01', '2017-09-01', '2017-10-01'] as const;

/**
 * The scaled features of a date as the segmentation pipeline makes them (`configs/completejourney.yaml`), in a local file;
 * `folder` is that of the data set. To be called from the project's folder.
 */
export async function scaledFeatures(deps: ActivityDeps, folder: string, fecha: string): Promise<string> {
  const config = await loadConfig({ file: 'configs/completejourney.yaml', cwd: process.cwd(), env: {} });
  const { source, window, timeZone, ...params } = runParams(config, segmentationDag, fecha, []);
  const files = Object.fromEntries(
    Object.entries(source.files).map(([name, file]) => [name, { ...file, path: [join(folder, `${name}.parquet`)] }]),
  );
  const ingest = { source: { ...source, files }, fecha, window, timeZone };
  const { transactions } = await outputOf(deps, ingestTransactions, fecha, ingest);
  const { minShare, maxRubros, log1p, digitalChannels } = params;
  const build = { transactions, fecha, minShare, maxRubros, log1p, digitalChannels };
  const { features } = await outputOf(deps, buildFeatures, fecha, build);
  const { matrix } = await outputOf(deps, scaleFeatures, fecha, { features });
  return openArtifact(deps.store, deps.cacheFolder, matrix);
}

async function outputOf<Input, Output>(
  deps: ActivityDeps,
  definition: ActivityDefinition<Input, Output>,
  fecha: string,
  input: Input,
): Promise<Output> {
  const attempt = { task: 'evaluated', run: `bench/${fecha}`, record: `runs/bench/${fecha}/bench`, attempt: 1 };
  const { signal } = new AbortController();
  const options = { ...attempt, mode: 'refresh', signal, heartbeat: () => {} } as const;
  // Optional in the type, for tasks that may skip themselves: these do not.
  return (await runActivity(definition, deps, options, input)).output as Output;
}
