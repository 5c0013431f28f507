import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Artifact } from '../dag/artifact.js';
import { sweepKMeansOnThreads } from '../kernels/threads/sweep-on-threads.js';
import { readMatrix } from '../lake/matrix-file.js';
import { artifactSchema } from './artifact-schema.js';
import { defineActivity } from './define-activity.js';
import type { Scaled } from './scale-features.js';
import { writeParquet } from './write-parquet.js';

/** A number of clusters, or the range it is chosen from. */
export type ClusterCount = number | { readonly from: number; readonly to: number };

export interface FitClustersInput {
  readonly matrix: Scaled['matrix'];
  readonly k: ClusterCount;
  /** Starts of k-means for each k; the one with the lowest inertia counts. */
  readonly restarts: number;
  readonly seed: number;
}

export interface Clusters {
  /** `dni, cluster_id`, in order of dni; cluster 0 is the largest. */
  readonly assignments: Artifact<'assignments'>;
  /** JSON: `columns, centroids` (k x columns, in scaled units), `sizes, inertia, iterations, byK`. */
  readonly model: Artifact<'model'>;
}

/** Enough to match or beat the best of several scikit-learn fits on real features, for about the cost of the starts. */
const SWAP_PATIENCE = 8;

/** Of more customers k-means goes by mini-batches: docs/large-matrices.md has why it is this many. */
const BATCH_ABOVE = 5_000_000;

/** k-means over the scaled features, on kernel threads; of a range, the k at the elbow of the inertia curve. */
export const fitClusters = defineActivity<FitClustersInput, Clusters>({
  version: 4,
  cache: 'by-content',
  output: z.object({ assignments: artifactSchema('assignments'), model: artifactSchema('model') }),
  async run(input, context) {
    const { ids, columns, matrix } = await readMatrix(await context.open(input.matrix));
    const { byK, model } = await sweepKMeansOnThreads(
      context.threads,
      matrix,
      {
        ks: candidates(input.k, matrix.rows),
        restarts: input.restarts,
        swapPatience: SWAP_PATIENCE,
        seed: input.seed,
        batchAbove: BATCH_ABOVE,
      },
      { signal: context.signal, onProgress: (progress) => context.progress({ ...progress }) },
    );
    const modelFile = join(context.scratch, 'model.json');
    const { centroids, sizes, inertia, iterations } = model;
    const perCluster = Array.from({ length: model.k }, (_, c) =>
      Array.from(centroids.values.slice(c * columns.length, (c + 1) * columns.length)),
    );
    await writeFile(modelFile, JSON.stringify({ columns, centroids: perCluster, sizes, inertia, iterations, byK }));
    return context.withDuckDb('UTC', async (db, phase) => {
      phase('writing assignments');
      await db.run('CREATE TABLE assignments (dni VARCHAR, cluster_id INTEGER)');
      await db.append('assignments', [ids, model.labels]);
      const assignments = await writeParquet(db, join(context.scratch, 'assignments.parquet'), {
        select: 'SELECT * FROM assignments',
        orderBy: 'dni',
      });
      const silhouette = byK.find((summary) => summary.k === model.k)?.silhouette ?? null;
      const report = {
        k: model.k,
        inertia,
        iterations,
        silhouette,
        sizes: [...sizes],
        byK: byK.map(({ k, inertia, silhouette }) => ({ k, inertia, silhouette })),
      };
      const schema = ['columns', 'centroids', 'sizes', 'inertia', 'iterations', 'byK'];
      return {
        output: {
          assignments: await context.put('assignments', assignments.file, assignments),
          model: await context.put('model', modelFile, { rows: model.k, schema, report }),
        },
        note: `${model.k} clusters, silhouette ${silhouette === null ? 'none' : silhouette.toFixed(3)}`,
      };
    });
  },
});

/** The numbers of clusters to try: never more than there are customers. */
function candidates(k: ClusterCount, rows: number): number[] {
  if (typeof k === 'number') return [Math.min(k, rows)];
  const last = Math.min(k.to, rows);
  const first = Math.min(k.from, last);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
