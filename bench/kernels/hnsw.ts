import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Index } from 'usearch';
import { z } from 'zod';
import { graphOfRows, nearestInGraph } from './adapters/graph-of-rows.js';
import { matrixFile, readMatrix, writeNumbers } from './matrix.js';
import { drive } from './side.js';

const settings = z.object({
  matrix: matrixFile,
  k: z.number(),
  queries: z.array(z.number()),
  timed: z.enum(['build', 'query']),
  connectivity: z.number(),
  adding: z.number(),
  searching: z.number(),
  out: z.string(),
});

await drive<{ readonly graph: Index; readonly found: Int32Array | undefined }>(async (said) => {
  const { matrix: file, k, queries, timed, out, ...graphSettings } = settings.parse(said);
  const matrix = await readMatrix(file);
  const threads = availableParallelism();
  const build = (): Index => graphOfRows(matrix, graphSettings, threads);
  const ask = (graph: Index): Int32Array => nearestInGraph(graph, matrix, queries, k, threads);
  const made = timed === 'query' ? build() : undefined;
  return {
    run: async () => (made === undefined ? { graph: build(), found: undefined } : { graph: made, found: ask(made) }),
    tell: async ({ graph, found }) => {
      const neighbours = join(out, 'neighbours.i32');
      await writeNumbers(neighbours, found ?? ask(graph));
      return { neighbours };
    },
  };
});
