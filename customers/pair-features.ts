import type { Matrix } from '../kernels/matrix.js';
import { row } from '../kernels/matrix.js';
import { shareFarther } from '../kernels/pair-distances.js';
import type { FeatureScaler } from './encoding/feature-scaler.js';

/** One feature of a pair of customers. */
export interface FeatureShare {
  readonly feature: string;
  /** What it adds to the pair's squared distance. */
  readonly contribution: number;
  /** What it adds on average to that of two customers drawn at random. */
  readonly expected: number;
  /** Share of the customers who are farther from the first of the pair in this feature than the second is. */
  readonly closerThan: number;
}

export interface PairFeatures {
  /** Every feature, in the source's order. */
  readonly all: readonly FeatureShare[];
  /**
   * In which the two are more alike than a random pair, those first in which fewest others come as close: a rare value
   * that they share says more than a common one.
   */
  readonly together: readonly FeatureShare[];
  /** Which make up more of their distance than of a random pair's, and do not bring them together: largest first. */
  readonly apart: readonly FeatureShare[];
}

/** How far some customers are from one of them, feature by feature. */
export interface SeenFrom {
  readonly features: FeatureScaler['features'];
  readonly point: Float32Array;
  /** Contributions to the squared distance, ascending, a list a feature. */
  readonly contributions: readonly Float64Array[];
}

/** At most so many features are named for either side. */
const NAMED = 3;

/** A row and some rows to compare others with; the row itself is not one of them. */
export function seenFrom(
  features: FeatureScaler['features'],
  points: Matrix,
  of: number,
  sample: Int32Array,
): SeenFrom {
  const point = row(points, of);
  const others = sample.filter((at) => at !== of);
  const contributions = features.map(({ columns }) =>
    Float64Array.from(others, (at) => contributionOf(columns, point, row(points, at))).toSorted(),
  );
  return { features, point, contributions };
}

/** What brings two points together and apart, by feature: all columns of one source column count as one. */
export function pairFeatures({ features, point, contributions }: SeenFrom, other: Float32Array): PairFeatures {
  const all = features.map(({ name, columns, expected }, f): FeatureShare => {
    const contribution = contributionOf(columns, point, other);
    const closerThan = shareFarther(contributions[f] ?? new Float64Array(), contribution);
    return { feature: name, contribution, expected, closerThan };
  });
  const total = all.reduce((sum, { contribution }) => sum + contribution, 0);
  const expectedTotal = all.reduce((sum, { expected }) => sum + expected, 0);
  const together = all
    .filter(({ contribution, expected }) => contribution < expected)
    .toSorted((x, y) => y.closerThan - x.closerThan)
    .slice(0, NAMED);
  const excess = ({ contribution, expected }: FeatureShare): number =>
    total === 0 ? 0 : contribution / total - expected / expectedTotal;
  const apart = all
    .filter((one) => excess(one) > 0 && !together.includes(one))
    .toSorted((x, y) => y.contribution - x.contribution)
    .slice(0, NAMED);
  return { all, together, apart };
}

function contributionOf(columns: readonly number[], a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (const c of columns) sum += ((a[c] ?? 0) - (b[c] ?? 0)) ** 2;
  return sum;
}
