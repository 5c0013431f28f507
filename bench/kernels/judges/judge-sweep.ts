import { z } from 'zod';
import type { Agreement } from '../row.js';
import type { Figures } from '../side.js';

const sweep = z.object({
  byK: z.array(z.object({ k: z.number(), inertia: z.number(), silhouette: z.number().nullable() })),
});

const WORSE = 1e-3;

/** Each side starts and samples by its own seed: the worst k of ours, and how far apart silhouettes of the same k are. */
export async function judgeSweep(ours: Figures, theirs: Figures): Promise<Agreement> {
  const others = new Map(sweep.parse(theirs).byK.map((one) => [one.k, one]));
  const pairs = sweep.parse(ours).byK.flatMap((our) => {
    const their = others.get(our.k);
    return their === undefined ? [] : [{ our, their }];
  });
  const worst = Math.max(...pairs.map(({ our, their }) => our.inertia / their.inertia - 1));
  const apart = Math.max(...pairs.map(({ our, their }) => Math.abs((our.silhouette ?? 0) - (their.silhouette ?? 0))));
  return {
    says: `${pairs.length} of ${others.size} k; worst inertia ${worst >= 0 ? '+' : ''}${worst.toExponential(1)}; silhouettes within ${apart.toFixed(3)}`,
    holds: pairs.length === others.size && worst <= WORSE,
  };
}
