import { z } from 'zod';
import { buildFeatures } from '../../activities/build-features.js';
import { putArtifact } from '../../lake/artifact-store.js';
import { taskOutput } from '../audience/task-output.js';
import { localTasks, newLake } from './local-tasks.js';
import { drive } from './side.js';

const settings = z.object({
  transactions: z.string(),
  rows: z.number(),
  fecha: z.string(),
  minShare: z.number(),
  maxRubros: z.number(),
  digitalChannels: z.array(z.string()),
  out: z.string(),
});

/** The task of the segmentation DAG, which also puts its two files into a lake under the hashes of their bytes. */
await drive(async (said) => {
  const { transactions: file, rows, out, fecha, ...options } = settings.parse(said);
  const tasks = await localTasks(out);
  let store = await newLake(out);
  let transactions = await putArtifact(store, 'transactions', file, { rows, schema: [] });
  return {
    before: async () => {
      store = await newLake(out);
      transactions = await putArtifact(store, 'transactions', file, { rows, schema: [] });
    },
    run: async () =>
      taskOutput({ ...tasks, store }, buildFeatures, fecha, { transactions, fecha, log1p: true, ...options }),
    tell: async ({ features, purchases }) => ({
      features: store.localPath(features.uri),
      purchases: store.localPath(purchases.uri),
    }),
  };
});
