import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { fitKMeansOnThreads } from '../../kernels/threads/kmeans-on-threads.js';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import { matrixFile, readMatrix, writeNumbers } from './matrix.js';
import { drive } from './side.js';

/** Of the search after own starts: some hundredths of the time, and the luck of three starts is no longer the result. */
const SWAP_PATIENCE = 4;

const settings = z.object({
  matrix: matrixFile,
  k: z.number(),
  seed: z.number(),
  restarts: z.number(),
  /** Given starts: these rows. */
  initialRows: z.array(z.number()).nullable(),
  out: z.string(),
});

await drive(async (said) => {
  const { matrix: file, k, seed, restarts, initialRows, out } = settings.parse(said);
  const matrix = await readMatrix(file);
  const { columns, values } = matrix;
  const threads = new KernelThreads({ threads: availableParallelism() });
  const rows = (initialRows ?? []).flatMap((row) => [...values.subarray(row * columns, (row + 1) * columns)]);
  const start =
    initialRows === null
      ? { restarts, swapPatience: SWAP_PATIENCE }
      : { initial: { rows: k, columns, values: Float32Array.from(rows) } };
  return {
    run: async () => fitKMeansOnThreads(threads, matrix, { k, seed, ...start, maxIterations: 300, tolerance: 1e-4 }),
    tell: async ({ centroids, iterations }) => {
      await writeNumbers(join(out, 'centroids.f64'), centroids.values);
      return { centroids: join(out, 'centroids.f64'), iterations };
    },
  };
});
