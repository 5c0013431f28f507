import type { AudienceDefinition } from '../audience-definition.js';
import { orderCandidates } from './order-candidates.js';
import type { Standing } from './order-candidates.js';

export interface Member {
  /** Where in the arrays of the standing it is. */
  readonly at: number;
  /** From 1. */
  readonly position: number;
  /** The share of all who were scored that do not stand above it: 1 for the best of all. */
  readonly percentile: number;
}

/**
 * Who is in an audience, the best first. `allowed` says which of those who were scored may be in it: percentiles are
 * among all, so that they mean the same with and without a filter. `size` is how many; `reach` the share of the allowed,
 * rounded up; `minSimilarity` the percentile from which on they are in.
 */
export function pickMembers(
  standing: Standing,
  allowed: (at: number) => boolean,
  { size, reach, minSimilarity }: Pick<AudienceDefinition, 'size' | 'reach' | 'minSimilarity'>,
): readonly Member[] {
  const all = standing.score.length;
  const ordered = Array.from(orderCandidates(standing), (at, place) => ({ at, percentile: (all - place) / all }));
  const candidates = ordered.filter(({ at }) => allowed(at));
  // A product such as 0.07 * 100 lies above 7 by its rounding: one more is not meant.
  const wanted = size ?? (reach === undefined ? candidates.length : Math.ceil(reach * candidates.length - 1e-9));
  const from = minSimilarity ?? 0;
  return candidates
    .slice(0, wanted)
    .filter(({ percentile }) => percentile >= from)
    .map((candidate, place) => ({ ...candidate, position: place + 1 }));
}
