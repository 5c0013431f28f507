import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Matrix } from '../../kernels/matrix.js';
import { checkMatrix, row } from '../../kernels/matrix.js';
import { pairDistances } from '../../kernels/pair-distances.js';
import type { KernelProgress } from '../../kernels/progress.js';
import { randomStream } from '../../kernels/random.js';
import { sampleRows } from '../../kernels/sample-rows.js';
import { fitKnnOnThreads, queryKnnOnThreads } from '../../kernels/threads/knn-on-threads.js';
import { readMatrix, writeMatrix } from '../../lake/matrix-file.js';
import { artifactSchema } from '../artifact-schema.js';
import { defineActivity } from '../define-activity.js';
import type { TaskContext } from '../define-activity.js';
import type { LookalikeIndex, ScaledCustomers } from './handles.js';
import { nothingApart } from './nothing-apart.js';
import { buildGraph, searchGraph } from './neighbour-graph.js';
import type { NeighbourGraph } from './neighbour-graph.js';

export interface BuildLookalikeIndexInput {
  readonly matrix: ScaledCustomers['matrix'];
  /** Above so many customers the index is approximate. */
  readonly exactUpTo: number;
  readonly seed: number;
}

/** Random pairs whose distances are kept, to say how close a distance is. */
const PAIRS = 100_000;
/** Customers whose neighbours are searched both ways, and how many neighbours, to say how good a graph is. */
const RECALL_SAMPLE = 1000;
const RECALL_AT = 10;

/**
 * An index over the scaled customers, Euclidean: exact (the points themselves) up to `exactUpTo` customers, above that
 * with a graph whose recall against the exact answer is measured and in its report. Of points without a column it is one
 * that has no answers (`nothingApart`).
 */
export const buildLookalikeIndex = defineActivity<BuildLookalikeIndexInput, LookalikeIndex>({
  version: 1,
  cache: 'by-content',
  output: z.object({
    index: artifactSchema('lookalike_index'),
    graph: artifactSchema('lookalike_graph').nullable(),
    pairs: artifactSchema('lookalike_pairs'),
  }),
  async run({ matrix: artifact, exactUpTo, seed }, context) {
    const named = await readMatrix(await context.open(artifact));
    const isEmpty = named.columns.length === 0;
    // Every value finite, every id once: an answer leaves a customer out by its id.
    if (!isEmpty) checkMatrix(named.matrix);
    if (new Set(named.ids).size !== named.ids.length) {
      throw new RangeError(`Expected every id once in ${artifact.uri}, got repeated ones`);
    }
    const { rows, schema } = artifact;
    const file = join(context.scratch, 'index.arrow');
    await writeMatrix(file, named);
    const distances = isEmpty ? new Float64Array() : pairDistances(named.matrix, PAIRS, randomStream(seed, 0));
    const pairsFile = join(context.scratch, 'pairs.json');
    await writeFile(pairsFile, JSON.stringify(Array.from(distances, (distance) => Number(distance.toPrecision(7)))));
    const median = distances[Math.floor(distances.length / 2)] ?? null;
    const isExact = isEmpty || rows <= exactUpTo;
    const made = isExact ? null : await graphOf(named.matrix, seed, context);
    const points = `${rows.toLocaleString('en')} points`;
    const how = made === null ? 'exact' : `approximate: recall@${RECALL_AT} ${made.recall.toFixed(4)}`;
    return {
      output: {
        index: await context.put('lookalike_index', file, {
          rows,
          schema,
          report: { metric: 'euclidean', exact: isExact },
        }),
        graph: made === null ? null : made.graph,
        pairs: await context.put('lookalike_pairs', pairsFile, {
          rows: distances.length,
          schema: [],
          report: { median },
        }),
      },
      note: isEmpty ? `${points}: ${nothingApart(rows)}` : `${points}, ${how}`,
    };
  },
});

async function graphOf(matrix: Matrix, seed: number, context: TaskContext) {
  const { rows } = matrix;
  const onProgress = (done: number): void => context.progress({ phase: 'linking', rows: done, of: rows });
  const built = await buildGraph(matrix, seed, onProgress, context.signal);
  const file = join(context.scratch, 'graph.usearch');
  built.index.save(file);
  const recall = await recallOf(built, seed, context);
  const report = { [`recall_${RECALL_AT}`]: recall, sample: Math.min(RECALL_SAMPLE, rows), library: 'usearch' };
  return { recall, graph: await context.put('lookalike_graph', file, { rows, schema: [], report }) };
}

/**
 * Share of the nearest customers that the graph finds, over a sample. One as near as the last of them counts: which of
 * several at one distance comes back says nothing of the graph.
 */
async function recallOf(
  graph: NeighbourGraph,
  seed: number,
  { threads, signal, progress }: TaskContext,
): Promise<number> {
  const { points } = graph;
  const k = Math.min(RECALL_AT, points.rows - 1);
  if (k === 0) return 1;
  const sample = sampleRows(points.rows, RECALL_SAMPLE, randomStream(seed, 2));
  const queries = new Float32Array(sample.length * points.columns);
  for (const [i, of] of sample.entries()) queries.set(row(points, of), i * points.columns);
  const running = { signal, onProgress: (done: KernelProgress): void => progress({ ...done }) };
  const exact = await queryKnnOnThreads(
    threads,
    await fitKnnOnThreads(threads, points, running),
    { rows: sample.length, columns: points.columns, values: queries },
    k,
    { exclude: sample, ...running },
  );
  let found = 0;
  for (const [i, of] of sample.entries()) {
    const farthest = exact.distances[i * k + k - 1] ?? 0;
    found += searchGraph(graph, of, k).filter(({ distance }) => distance <= farthest).length;
  }
  return found / (k * sample.length);
}
