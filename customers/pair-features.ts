import type { FeatureScaler } from './encoding/feature-scaler.js';

/** One feature of a pair of customers. */
export interface FeatureShare {
  readonly feature: string;
  /** What it adds to the pair's squared distance. */
  readonly contribution: number;
  /** What it adds on average to that of two customers drawn at random. */
  readonly expected: number;
}

export interface PairFeatures {
  /** Every feature, in the source's order. */
  readonly all: readonly FeatureShare[];
  /** In which the two are more alike than a random pair: those first that spare them the most. */
  readonly together: readonly FeatureShare[];
  /** Which make up more of their distance than of a random pair's, and do not bring them together: largest first. */
  readonly apart: readonly FeatureShare[];
}

/** At most so many features are named for either side. */
const NAMED = 3;

/** What brings two points together and apart, by feature: all columns of one source column count as one. */
export function pairFeatures(features: FeatureScaler['features'], a: Float32Array, b: Float32Array): PairFeatures {
  const all = features.map(({ name, columns, expected }): FeatureShare => {
    let contribution = 0;
    for (const c of columns) contribution += ((a[c] ?? 0) - (b[c] ?? 0)) ** 2;
    return { feature: name, contribution, expected };
  });
  const total = all.reduce((sum, { contribution }) => sum + contribution, 0);
  const expectedTotal = all.reduce((sum, { expected }) => sum + expected, 0);
  const spared = ({ contribution, expected }: FeatureShare): number => expected - contribution;
  const together = all
    .filter((one) => spared(one) > 0)
    .toSorted((x, y) => spared(y) - spared(x))
    .slice(0, NAMED);
  const excess = ({ contribution, expected }: FeatureShare): number =>
    total === 0 ? 0 : contribution / total - expected / expectedTotal;
  const apart = all
    .filter((one) => excess(one) > 0 && !together.includes(one))
    .toSorted((x, y) => y.contribution - x.contribution)
    .slice(0, NAMED);
  return { all, together, apart };
}
