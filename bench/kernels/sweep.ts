import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { KMeansSweep } from '../../kernels/select-kmeans.js';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import { sweepClusters } from './adapters/sweep-clusters.js';
import { matrixFile, readMatrix } from './matrix.js';
import { drive } from './side.js';

const settings = z.object({
  matrix: matrixFile,
  ks: z.array(z.number()),
  restarts: z.number(),
  seed: z.number(),
  sample: z.number(),
});

await drive<KMeansSweep>(async (said) => {
  const { matrix: file, ...sweep } = settings.parse(said);
  const matrix = await readMatrix(file);
  const threads = new KernelThreads({ threads: availableParallelism() });
  return {
    run: async () => sweepClusters(threads, matrix, sweep),
    tell: async ({ byK }) => ({ byK: byK.map(({ k, inertia, silhouette }) => ({ k, inertia, silhouette })) }),
  };
});
