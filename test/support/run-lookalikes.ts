import { join } from 'node:path';
import { buildLookalikeIndex } from '../../activities/lookalikes/build-lookalike-index.js';
import { encodeCustomers } from '../../activities/lookalikes/encode-customers.js';
import { lookalikeTags } from '../../activities/lookalikes/lookalike-tags.js';
import type { LookalikeArtifacts } from '../../activities/lookalikes/lookalike-tags.js';
import { LOOKALIKES_TABLE } from '../../activities/lookalikes/open-lookalikes.js';
import { scaleCustomers } from '../../activities/lookalikes/scale-customers.js';
import type { ActivityDeps } from '../../activities/run-activity.js';
import { customerSource } from '../../customers/customer-source.js';
import type { CustomerSource } from '../../customers/customer-source.js';
import type { Artifact } from '../../dag/artifact.js';
import { putArtifact } from '../../lake/artifact-store.js';
import { publishPartition } from '../../lake/publish-partition.js';
import { execute } from './run-segmentation.js';
import type { Workspace } from './run-segmentation.js';
import { outputOf } from './single-tasks.js';

/** A source of these columns beside the id. */
export const sourceOf = (columns: object): CustomerSource =>
  customerSource.parse({ name: 'crm', path: 'crm.csv', columns: { customer_id: { kind: 'id' }, ...columns } });

/** Customers as cleaning hands them on: `select` gives the columns, `flags` among them. */
export async function cleaned(
  space: Workspace,
  deps: ActivityDeps,
  select: string,
  rows: number,
): Promise<Artifact<'customers_clean'>> {
  const file = join(space.folder, 'customers_clean.parquet');
  await execute(`COPY (SELECT * FROM (${select}) ORDER BY customer_id) TO '${file}' (FORMAT parquet)`);
  return putArtifact(deps.store, 'customers_clean', file, { rows, schema: [] });
}

export interface IndexOptions {
  readonly source: CustomerSource;
  readonly weights?: { readonly [group: string]: number };
  readonly exactUpTo?: number;
}

/** From cleaned customers to their index, task by task. */
export async function indexed(
  deps: ActivityDeps,
  customers: Artifact<'customers_clean'>,
  { source, weights = {}, exactUpTo = 250_000 }: IndexOptions,
) {
  const encoded = await outputOf(deps, encodeCustomers, { customers, source });
  const scaled = await outputOf(deps, scaleCustomers, { ...encoded, weights });
  const index = await outputOf(deps, buildLookalikeIndex, { matrix: scaled.matrix, exactUpTo, seed: 42 });
  return { ...encoded, ...scaled, ...index, customers };
}

/** Publishes a partition of the customers' ids alone, with the tags that name the index. */
export async function publishIndex(
  space: Workspace,
  deps: ActivityDeps,
  fecha: string,
  artifacts: LookalikeArtifacts,
): Promise<void> {
  const file = join(space.folder, `limpios-${fecha}.parquet`);
  const customers = join(space.lake, artifacts.customers.uri);
  await execute(`COPY (SELECT customer_id FROM '${customers}' ORDER BY customer_id) TO '${file}' (FORMAT parquet)`);
  const columns = [
    { name: 'customer_id', type: 'string' },
    { name: 'fecha_modelo', type: 'date' },
  ] as const;
  await publishPartition(deps.store, {
    table: { name: LOOKALIKES_TABLE, description: '', columns },
    fecha,
    file,
    rows: artifacts.customers.rows,
    tags: lookalikeTags(artifacts),
    run: 'test',
  });
}
