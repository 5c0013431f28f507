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
    if (!(await inTurns(areDistinct(named.ids), context.signal))) {
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

/**
 * Whether no id comes twice. Of ids in ascending order neighbours tell it; a set of a million ids stands still for a quarter of a
 * second each time it outgrows its table.
 */
function* areDistinct(ids: readonly string[]): Steps<boolean> {
  for (const [i, id] of ids.entries()) {
    const before = ids[i - 1];
    // The order of UTF-8 is that of JavaScript but for characters beyond the first 65,536.
    if (before !== undefined && !(before < id)) return before !== id && (yield* areDistinctInSet(ids));
    if (i % IDS_AT_ONCE === 0) yield;
  }
  return true;
}

function* areDistinctInSet(ids: readonly string[]): Steps<boolean> {
  const seen = new Set<string>();
  for (const [i, id] of ids.entries()) {
    seen.add(id);
    if (i % IDS_AT_ONCE === 0) yield;
  }
  return seen.size === ids.length;
}
