import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ID_COLUMN } from '../../customers/customer-source.js';
import type { Matrix } from '../../kernels/matrix.js';
import type { PcaModel } from '../../kernels/pca.js';
import { shareMatrix } from '../../kernels/threads/share-matrix.js';
import { readMatrix } from '../../lake/matrix-file.js';
import { text } from '../../lake/sql.js';
import { artifactSchema } from '../artifact-schema.js';
import { defineActivity } from '../define-activity.js';
import { writeParquet } from '../write-parquet.js';
import type { ParquetCodec } from '../write-parquet.js';
import type { ProjectedCustomers, ScaledCustomers } from './handles.js';
import { nothingApart } from './nothing-apart.js';

export interface ProjectCustomersInput {
  readonly matrix: ScaledCustomers['matrix'];
  /** How many principal components; fewer where the matrix has fewer columns. */
  readonly components: number;
  readonly codec: ParquetCodec;
}

/** Components that have a column of their own in the published table; the further ones share a JSON array. */
const OWN_COLUMNS = ['pc1', 'pc2', 'pc3'];

const NO_COMPONENT: PcaModel = {
  means: new Float64Array(),
  components: { rows: 0, columns: 0, values: new Float64Array() },
  explainedVariance: new Float64Array(),
  explainedVarianceRatio: new Float64Array(),
};

/** The customers on the principal components of their points; on none where the points have no column. */
export const projectCustomers = defineActivity<ProjectCustomersInput, ProjectedCustomers>({
  version: 1,
  cache: 'by-content',
  output: z.object({ coordinates: artifactSchema('clientes_pca'), model: artifactSchema('pca_model') }),
  async run({ matrix: artifact, components, codec }, context) {
    const named = await readMatrix(await context.open(artifact));
    const { ids, columns } = named;
    const matrix = shareMatrix(named.matrix);
    const onThread = { signal: context.signal };
    context.progress({ phase: 'fitting' });
    const fitted = Math.min(components, columns.length);
    const model =
      fitted === 0 ? NO_COMPONENT : await context.threads.run('fitPca', { matrix, components: fitted }, onThread);
    context.progress({ phase: 'projecting' });
    const projected =
      fitted === 0
        ? { rows: ids.length, columns: 0, values: new Float64Array() }
        : await context.threads.run('projectPca', { model, matrix }, onThread);
    const explained = Array.from(model.explainedVarianceRatio);
    const modelFile = join(context.scratch, 'pca.json');
    const said = {
      columns,
      means: Array.from(model.means),
      explainedVariance: Array.from(model.explainedVariance),
      explainedVarianceRatio: explained,
      /** One a component: its loading by the column's name. */
      loadings: rowsOf(model.components).map((row) => Object.fromEntries(columns.map((name, c) => [name, row[c]]))),
    };
    await writeFile(modelFile, JSON.stringify(said));
    const file = join(context.scratch, 'coordinates.csv');
    await writeFile(file, csvOf(ids, projected));
    return context.withDuckDb('UTC', async (db, phase) => {
      phase('writing coordinates');
      const own = OWN_COLUMNS.map((name) => `'${name}': 'DOUBLE'`).join(', ');
      const written = await writeParquet(db, join(context.scratch, 'clientes_pca.parquet'), {
        select: `SELECT * FROM read_csv(${text(file)}, auto_detect = false, header = false, delim = ',', quote = '"',
          escape = '"', columns = {'${ID_COLUMN}': 'VARCHAR', ${own}, 'componentes': 'VARCHAR'})`,
        orderBy: ID_COLUMN,
        codec,
      });
      const report = { components: fitted, explainedVarianceRatio: explained };
      const share = explained.reduce((sum, ratio) => sum + ratio, 0);
      const fewer = fitted < components ? ` (there are no more columns than that, ${components} were asked for)` : '';
      return {
        output: {
          coordinates: await context.put('clientes_pca', written.file, written),
          model: await context.put('pca_model', modelFile, { rows: fitted, schema: Object.keys(said), report }),
        },
        note:
          fitted === 0
            ? `no components: ${nothingApart(ids.length)}`
            : `${fitted} components${fewer}, ${(100 * share).toFixed(1)}% of the variance`,
      };
    });
  },
});

const rowsOf = ({ rows, columns, values }: Matrix<Float64Array>): number[][] =>
  Array.from({ length: rows }, (_, r) => Array.from(values.subarray(r * columns, (r + 1) * columns)));

/** An empty field is null; ids are quoted, and so never are. */
function csvOf(ids: readonly string[], projected: Matrix<Float64Array>): string {
  const lines = rowsOf(projected).map((row, r) => {
    const own = OWN_COLUMNS.map((_, k) => row[k] ?? '');
    const further = row.slice(OWN_COLUMNS.length);
    const id = (ids[r] ?? '').replaceAll('"', '""');
    return `"${id}",${own.join(',')},${further.length === 0 ? '' : `"[${further.join(',')}]"`}\n`;
  });
  return lines.join('');
}
