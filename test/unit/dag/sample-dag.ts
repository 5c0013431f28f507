import { z } from 'zod';
import type { Dag } from '../../../dag/dag.js';
import { pipeline } from '../../../dag/pipeline.js';

/** What the activities of a small shop's DAG take and give. */
export interface ShopActivities {
  readonly [name: string]: (input: never) => Promise<unknown>;
  readonly ingest: (input: { readonly source: string }) => Promise<{ readonly rows: number; readonly files: string[] }>;
  readonly count: (input: { readonly rows: number }) => Promise<number>;
  readonly clean: (input: { readonly rows: number; readonly strict: boolean }) => Promise<number>;
  readonly publish: (input: { readonly clean: number; readonly count: number }) => Promise<string>;
}

export const shopParams = z.strictObject({ source: z.string(), strict: z.boolean().default(true) });

/** ingest -> clean, count -> publish. */
export function shopDag(): Dag<z.infer<typeof shopParams>> {
  const { param, field, task, dag } = pipeline<ShopActivities, z.infer<typeof shopParams>>();
  const ingested = task('ingest', { source: param('source') }, { retries: 5 });
  const rows = field(ingested, 'rows');
  const clean = task('clean', { rows, strict: param('strict') }, { queue: 'compute' });
  const count = task('count', { rows });
  const published = task('publish', { clean, count }, { id: 'publish-shop' });
  return dag('shop', { published }, shopParams);
}
