import { heldOutRanks, rocArea } from '../../kernels/held-out-ranks.js';
import type { SeedNeighbours } from '../../kernels/seed-neighbours.js';
import { standings } from './order-candidates.js';
import type { Standing } from './order-candidates.js';
import type { Fold, Reference } from './reference-samples.js';

/** What one neighbour counts for. */
export interface Weights {
  /** How many seeds one of the reference stands for, how many others, and the share of seeds among all. */
  readonly seed: number;
  readonly other: number;
  readonly share: number;
}

export function weightsOf(
  { seeds, background }: Reference,
  { ofSeeds, ofOthers }: { readonly ofSeeds: number; readonly ofOthers: number },
): Weights {
  const share = ofSeeds / (ofSeeds + ofOthers);
  return { seed: ofSeeds / seeds.length, other: ofOthers / Math.max(1, background.length), share };
}

/**
 * Scores from neighbours: the share of seeds among the `k` nearest (one of `ks`), each counted with whom it stands for, and
 * one customer's worth of the overall share.
 */
export function standingByShare(
  { counts, nearestSeed }: Pick<SeedNeighbours, 'counts' | 'nearestSeed'>,
  ks: readonly number[],
  k: number,
  weights: Weights,
): Standing {
  const at = ks.indexOf(k);
  const score = nearestSeed.map((_, row) => {
    const found = counts[row * ks.length + at] ?? 0;
    const seeds = found * weights.seed;
    return (seeds + weights.share) / (seeds + (k - found) * weights.other + 1);
  });
  return { score, distance: nearestSeed };
}

/** Scores by distance: 1 / (1 + the mean distance to the seeds). */
export const standingByMean = ({
  nearestSeed,
  meanDistance,
}: Pick<SeedNeighbours, 'nearestSeed' | 'meanDistance'>): Standing => ({
  score: meanDistance.map((distance) => 1 / (1 + distance)),
  distance: nearestSeed,
});

/** How well a fold's held-out seeds stand among its probes: the area under the curve, and where each of them is, 0..1. */
export function judgeFold(
  { heldOut, probes, probeWeight }: Fold,
  standing: Standing,
): { auc: number; ranks: number[] } {
  const places = standings(standing);
  const scores = { heldOut: places.slice(0, heldOut.length), others: places.slice(heldOut.length) };
  if (scores.others.length !== probes.length) throw new Error('Expected a standing for everyone in the fold');
  return {
    auc: rocArea(scores.heldOut, scores.others),
    ranks: [...heldOutRanks({ ...scores, otherWeight: probeWeight })],
  };
}
