import { join } from 'node:path';
import { z } from 'zod';
import type { Artifact } from '../dag/artifact.js';
import { fitKnn } from '../kernels/knn.js';
import { readMatrix, writeMatrix } from '../lake/matrix-file.js';
import { artifactSchema } from './artifact-schema.js';
import { defineActivity } from './define-activity.js';
import type { Scaled } from './scale-features.js';

export interface KnnIndexFile {
  /** Arrow: ids and points, in order of dni. What `openKnnIndex` loads in any process. */
  readonly index: Artifact<'knn-index'>;
}

/**
 * An exact index over the scaled features, Euclidean. It is checked (every value finite, every id once) and written in
 * an order of its own: ties between neighbours are broken by row, and hence by dni.
 */
export const buildKnnIndex = defineActivity<{ readonly matrix: Scaled['matrix'] }, KnnIndexFile>({
  version: 1,
  cache: 'by-content',
  output: z.object({ index: artifactSchema('knn-index') }),
  async run(input, context) {
    const named = await readMatrix(await context.open(input.matrix));
    fitKnn(named.matrix);
    if (new Set(named.ids).size !== named.ids.length) {
      throw new RangeError(`Expected every id once in ${input.matrix.uri}, got repeated ones`);
    }
    const file = join(context.scratch, 'knn-index.arrow');
    await writeMatrix(file, named);
    const { rows, schema } = input.matrix;
    const report = { metric: 'euclidean', columns: named.columns.length };
    return {
      output: { index: await context.put('knn-index', file, { rows, schema, report }) },
      note: `${rows.toLocaleString('en')} points, exact`,
    };
  },
});
