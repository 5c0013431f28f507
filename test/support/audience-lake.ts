import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AUDIENCIAS_RESUMEN } from '../../lake/audience-tables.js';
import type { CleanedCustomers, LookalikeIndex } from '../../activities/lookalikes/handles.js';
import { lookalikeTags } from '../../activities/lookalikes/lookalike-tags.js';
import type { ActivityDeps } from '../../activities/run-activity.js';
import { randomStream } from '../../kernels/random.js';
import { putArtifact } from '../../lake/artifact-store.js';
import { writeMatrix } from '../../lake/matrix-file.js';
import { publishPartition } from '../../lake/publish-partition.js';
import { execute } from './run-segmentation.js';
import type { Workspace } from './run-segmentation.js';

export interface SomeCustomers {
  readonly ids: readonly string[];
  readonly customers: CleanedCustomers['customers'];
  readonly index: LookalikeIndex['index'];
}

/**
 * `count` customers. Each sixth is `alike`: near 2 in the first of eight columns, where the rest are near 0; half of those
 * are `vip`. Every other one is in `norte`.
 */
export async function someCustomers(space: Workspace, deps: ActivityDeps, count: number): Promise<SomeCustomers> {
  const random = randomStream(7);
  // The first id is one that a spreadsheet would take for a formula, the second has leading zeros only.
  const ids = ['+1+1', '000', ...Array.from({ length: count - 2 }, (_, i) => `c${String(i + 2).padStart(6, '0')}`)];
  const values = new Float32Array(count * 8);
  for (let i = 0; i < values.length; i += 1) values[i] = random.uniform() + random.uniform() - 1;
  for (let row = 0; row < count; row += 6) values[row * 8] = (values[row * 8] ?? 0) + 2;
  const matrix = join(space.folder, 'index.arrow');
  const columns = Array.from({ length: 8 }, (_, i) => `x${i}`);
  await writeMatrix(matrix, { ids, columns, matrix: { rows: count, columns: 8, values } });
  const rows = ids.map(
    (id, i) => `('${id}', ${i % 12 === 0}, ${i % 6 === 0}, '${i % 2 === 0 ? 'norte' : 'sur'}', DATE '2026-01-01')`,
  );
  const parquet = join(space.folder, 'customers.parquet');
  await execute(`COPY (SELECT * FROM (VALUES ${rows.join(', ')}) t(customer_id, vip_flag, alike, region_clean, alta)
    ORDER BY customer_id) TO '${parquet}' (FORMAT parquet)`);
  return {
    ids,
    customers: await putArtifact(deps.store, 'customers_clean', parquet, { rows: count, schema: [] }),
    index: await putArtifact(deps.store, 'lookalike_index', matrix, { rows: count, schema: [] }),
  };
}

/** Publishes a date's customers, by their ids alone, with the tag that names what is behind them. */
export async function publishCustomersOf(
  space: Workspace,
  deps: ActivityDeps,
  fecha: string,
  { customers, index }: SomeCustomers,
): Promise<void> {
  const file = join(space.folder, `clientes-${fecha}.parquet`);
  await execute(`COPY (SELECT customer_id FROM '${join(space.lake, customers.uri)}') TO '${file}' (FORMAT parquet)`);
  const columns = [
    { name: 'customer_id', type: 'string' },
    { name: 'fecha_modelo', type: 'date' },
  ] as const;
  await publishPartition(deps.store, {
    table: { ...AUDIENCIAS_RESUMEN, name: 'clientes_limpios', columns },
    fecha,
    file,
    rows: customers.rows,
    tags: lookalikeTags({
      index,
      graph: null,
      customers,
      // Nobody asks for lookalikes here.
      pairs: await putJson(space, deps, 'lookalike_pairs', []),
      scaler: await putJson(space, deps, 'customers_scaler', {}),
    }),
    run: 'test',
  });
}

async function putJson<Kind extends string>(space: Workspace, { store }: ActivityDeps, kind: Kind, value: unknown) {
  const file = join(space.folder, `${kind}.json`);
  await writeFile(file, JSON.stringify(value));
  return putArtifact(store, kind, file, { rows: 0, schema: [] });
}
