import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CustomerSource } from '../../customers/customer-source.js';
import { encodeFeatures } from '../../customers/encoding/encode-features.js';
import { featureColumns } from '../../customers/encoding/feature-columns.js';
import { writeMatrix } from '../../lake/matrix-file.js';
import { artifactSchema } from '../artifact-schema.js';
import { defineActivity } from '../define-activity.js';
import type { CleanedCustomers, EncodedCustomers } from './handles.js';
import { nothingApart } from './nothing-apart.js';
import { readFeatures } from './read-features.js';

/**
 * The cleaned customers as numbers. Which columns are features and what becomes of them is said in `docs/likeness.md`;
 * what was imputed, lumped and dropped, in the encoding.
 */
export const encodeCustomers = defineActivity<
  { readonly customers: CleanedCustomers['customers']; readonly source: CustomerSource },
  EncodedCustomers
>({
  version: 1,
  cache: 'by-content',
  output: z.object({ encoded: artifactSchema('customers_encoded'), encoding: artifactSchema('customers_encoding') }),
  async run({ customers, source }, context) {
    const file = await context.open(customers);
    const features = featureColumns(source);
    const read = await context.withDuckDb('UTC', async (db, phase) => {
      phase('reading customers');
      return readFeatures(db, file, features, customers.rows);
    });
    const { encoding, matrix } = encodeFeatures(read.features, read.ids.length);
    const columns = encoding.columns.map(({ name }) => name);
    const matrixFile = join(context.scratch, 'encoded.arrow');
    await writeMatrix(matrixFile, { ids: read.ids, columns, matrix });
    const encodingFile = join(context.scratch, 'encoding.json');
    await writeFile(encodingFile, JSON.stringify(encoding));
    const { imputed, dropped, lumped } = encoding;
    const report = {
      features: new Set(encoding.columns.map((column) => column.source)).size,
      imputed: Object.fromEntries(imputed.map((one) => [one.source, one.rows])),
      dropped: Object.fromEntries(dropped.map((one) => [one.name, one.reason])),
      lumped: Object.fromEntries(lumped.map((one) => [one.source, one.values - one.kept])),
    };
    const schema = ['dni utf8', `values fixed_size_list<float32>[${columns.length}]`];
    return {
      output: {
        encoded: await context.put('customers_encoded', matrixFile, { rows: matrix.rows, schema, report }),
        encoding: await context.put('customers_encoding', encodingFile, {
          rows: columns.length,
          schema: ['columns', 'imputed', 'dropped', 'lumped'],
        }),
      },
      note: `${matrix.rows.toLocaleString('en')} x ${columns.length}, of ${report.features} columns${
        columns.length === 0 ? `: ${nothingApart(matrix.rows)}` : ''
      }`,
    };
  },
});
