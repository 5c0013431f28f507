import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Artifact } from '../dag/artifact.js';
import { fitStandardScalerInSteps, transformStandardInSteps } from '../kernels/standard-scaler.js';
import { inTurns } from '../kernels/steps.js';
import { writeMatrix } from '../lake/matrix-file.js';
import { parquetFile } from '../lake/sql.js';
import type { Features } from './build-features.js';
import { artifactSchema } from './artifact-schema.js';
import { defineActivity } from './define-activity.js';

export interface Scaled {
  /** Arrow: `dni`, and the scaled features of each, rows in order of dni. */
  readonly matrix: Artifact<'matrix'>;
  /** JSON: `columns, means, scales`, to scale other rows the same way. */
  readonly scaler: Artifact<'scaler'>;
}

/** StandardScaler over the feature table: mean 0 and population variance 1; a constant column becomes zeros. */
export const scaleFeatures = defineActivity<{ readonly features: Features['features'] }, Scaled>({
  version: 1,
  cache: 'by-content',
  output: z.object({ matrix: artifactSchema('matrix'), scaler: artifactSchema('scaler') }),
  async run(input, context) {
    const file = await context.open(input.features);
    const { rows } = input.features;
    return context.withDuckDb('UTC', async (db, phase) => {
      phase('reading features');
      // The file is in order of dni, and is read in its order.
      const table = `SELECT * FROM ${parquetFile(file)}`;
      const columns = (await db.describe(table)).map(({ name }) => name).slice(1);
      const ids: string[] = [];
      const values = new Float64Array(rows * columns.length);
      await db.eachNumbers(table, (firstRow, dnis, chunk) => {
        for (const dni of dnis) ids.push(dni);
        spread(chunk, values, firstRow);
      });
      phase('scaling');
      const features = { rows, columns: columns.length, values };
      const scaler = await inTurns(fitStandardScalerInSteps(features), context.signal);
      const matrix = await inTurns(transformStandardInSteps(scaler, features), context.signal);
      const matrixFile = join(context.scratch, 'matrix.arrow');
      await writeMatrix(matrixFile, { ids, columns, matrix });
      const scalerFile = join(context.scratch, 'scaler.json');
      await writeFile(scalerFile, JSON.stringify({ columns, ...scaler }));
      const schema = ['dni utf8', `values fixed_size_list<float32>[${columns.length}]`];
      return {
        output: {
          matrix: await context.put('matrix', matrixFile, { rows, schema }),
          scaler: await context.put('scaler', scalerFile, {
            rows: columns.length,
            schema: ['columns', 'means', 'scales'],
          }),
        },
        note: `${rows.toLocaleString('en')} x ${columns.length}`,
      };
    });
  },
});

/** Puts columns into a row-major matrix, from a row on. */
function spread(columns: readonly Float64Array[], matrix: Float64Array, firstRow: number): void {
  for (const [c, column] of columns.entries()) {
    let to = firstRow * columns.length + c;
    for (const value of column) {
      matrix[to] = value;
      to += columns.length;
    }
  }
}
