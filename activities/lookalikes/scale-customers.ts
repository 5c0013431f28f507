import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { encoding as encodingSchema } from '../../customers/encoding/encoding.js';
import { scaleFeatures } from '../../customers/encoding/scale-features.js';
import { readMatrix, writeMatrix } from '../../lake/matrix-file.js';
import { artifactSchema } from '../artifact-schema.js';
import { defineActivity } from '../define-activity.js';
import type { EncodedCustomers, ScaledCustomers } from './handles.js';

export interface ScaleCustomersInput extends EncodedCustomers {
  /** Of each group of features: multiplies its part of the squared distance. 1 where it is left out, 0 leaves it out. */
  readonly weights: { readonly [group: string]: number };
}

/** The encoded customers as points between which Euclidean distance is unlikeness. */
export const scaleCustomers = defineActivity<ScaleCustomersInput, ScaledCustomers>({
  version: 1,
  cache: 'by-content',
  output: z.object({ matrix: artifactSchema('customers_matrix'), scaler: artifactSchema('customers_scaler') }),
  async run(input, context) {
    const { ids, matrix } = await readMatrix(await context.open(input.encoded));
    const encoding = encodingSchema.parse(JSON.parse(await readFile(await context.open(input.encoding), 'utf8')));
    const { scaler, points } = scaleFeatures(encoding, matrix, input.weights);
    const matrixFile = join(context.scratch, 'matrix.arrow');
    await writeMatrix(matrixFile, { ids, columns: scaler.columns, matrix: points });
    const scalerFile = join(context.scratch, 'scaler.json');
    await writeFile(scalerFile, JSON.stringify(scaler));
    const { columns, features } = scaler;
    const schema = ['dni utf8', `values fixed_size_list<float32>[${columns.length}]`];
    return {
      output: {
        matrix: await context.put('customers_matrix', matrixFile, { rows: points.rows, schema }),
        scaler: await context.put('customers_scaler', scalerFile, {
          rows: columns.length,
          schema: Object.keys(scaler),
          report: { expected: Object.fromEntries(features.map(({ name, expected }) => [name, expected])) },
        }),
      },
      note: `${points.rows.toLocaleString('en')} x ${columns.length}, of ${features.length} features`,
    };
  },
});
