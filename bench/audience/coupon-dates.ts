import { join } from 'node:path';
import { buildFeatures } from '../../activities/build-features.js';
import { ingestTransactions } from '../../activities/ingest-transactions.js';
import type { ActivityDeps } from '../../activities/run-activity.js';
import { scaleFeatures } from '../../activities/scale-features.js';
import { loadConfig } from '../../config/load-config.js';
import { runParams } from '../../config/run-params.js';
import { openArtifact } from '../../lake/artifact-store.js';
import { segmentationDag } from '../../workflows/segmentation-dag.js';
import { taskOutput } from './task-output.js';

/** The first days of four months in a row: before July there are under 200 seeds, after October few redeem for the first time. */
export const DATES = ['2017-07-01', '2017-08-01', '2017-09-01', '2017-10-01'] as const;

/**
 * The scaled features of a date as the segmentation pipeline makes them, in a local file; `folder` is that of the data set,
 * which has a configuration of its own. To be called from the project's folder.
 */
export async function scaledFeatures(
  deps: ActivityDeps,
  folder: string,
  fecha: string,
  file = 'configs/completejourney.yaml',
): Promise<string> {
  const config = await loadConfig({ file, cwd: process.cwd(), env: {} });
  const { source, window, timeZone, ...params } = runParams(config, segmentationDag, fecha, []);
  const files = Object.fromEntries(
    Object.entries(source.files).map(([name, file]) => [name, { ...file, path: [join(folder, `${name}.parquet`)] }]),
  );
  const ingest = { source: { ...source, files }, fecha, window, timeZone };
  const { transactions } = await taskOutput(deps, ingestTransactions, fecha, ingest);
  const { minShare, maxRubros, log1p, digitalChannels } = params;
  const build = { transactions, fecha, minShare, maxRubros, log1p, digitalChannels };
  const { features } = await taskOutput(deps, buildFeatures, fecha, build);
  const { matrix } = await taskOutput(deps, scaleFeatures, fecha, { features });
  return openArtifact(deps.store, deps.cacheFolder, matrix);
}
