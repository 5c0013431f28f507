import { z } from 'zod';
import type { Artifact } from '../dag/artifact.js';
import { checkMatrixInSteps } from '../kernels/matrix.js';
import type { Steps } from '../kernels/steps.js';
import { inTurns } from '../kernels/steps.js';
import { readMatrix } from '../lake/matrix-file.js';
import { artifactSchema } from './artifact-schema.js';
import { defineActivity } from './define-activity.js';
import type { Scaled } from './scale-features.js';

export interface KnnIndexFile {
  /** Arrow: ids and points, in order of dni. What `openKnnIndex` loads in any process. */
  readonly index: Artifact<'knn-index'>;
}

/**
 * An exact index over the scaled features, Euclidean: the points themselves, checked (every value finite, every id once).
 * Ties between neighbours are broken by row, and hence by dni.
 */
export const buildKnnIndex = defineActivity<{ readonly matrix: Scaled['matrix'] }, KnnIndexFile>({
  version: 1,
  cache: 'by-content',
  output: z.object({ index: artifactSchema('knn-index') }),
  async run(input, context) {
    const file = await context.open(input.matrix);
    const named = await readMatrix(file);
    await inTurns(checkMatrixInSteps(named.matrix), context.signal);
    if ((await inTurns(distinct(named.ids), context.signal)) !== named.ids.length) {
      throw new RangeError(`Expected every id once in ${input.matrix.uri}, got repeated ones`);
    }
    const { rows, schema } = input.matrix;
    const report = { metric: 'euclidean', columns: named.columns.length };
    return {
      output: { index: await context.put('knn-index', file, { rows, schema, report }) },
      note: `${rows.toLocaleString('en')} points, exact`,
    };
  },
});

const IDS_AT_ONCE = 50_000;

function* distinct(ids: readonly string[]): Steps<number> {
  const seen = new Set<string>();
  for (const [i, id] of ids.entries()) {
    seen.add(id);
    if (i % IDS_AT_ONCE === 0) yield;
  }
  return seen.size;
}
