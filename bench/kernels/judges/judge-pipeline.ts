import { z } from 'zod';
import type { Agreement } from '../row.js';
import type { Figures } from '../side.js';
import { compareTables, isSame, saidOf } from './compare-tables.js';
import { judgeSweep } from './judge-sweep.js';

const published = z.object({ clientes: z.string(), scores: z.string(), k: z.number() });

const WITHIN = 1e-9;

/**
 * What is published of the last date, but for what depends on the starts of k-means: which segment a customer is in, and its
 * name. Of the fits themselves the inertias are compared.
 */
export async function judgePipeline(ours: Figures, theirs: Figures): Promise<Agreement> {
  const [mine, other] = [published.parse(ours), published.parse(theirs)];
  const clientes = await compareTables(mine.clientes, other.clientes, ['dni'], ['cluster_id', 'cluster_nombre']);
  const scores = await compareTables(mine.scores, other.scores, ['dni', 'rubro']);
  const sweep = await judgeSweep(ours, theirs);
  return {
    says: `customers: ${saidOf(clientes)}. scores: ${saidOf(scores)}. k ${mine.k} to ${other.k}: ${sweep.says}`,
    holds: isSame(clientes, WITHIN) && isSame(scores, WITHIN) && sweep.holds,
  };
}
