import { z } from 'zod';
import type { StandardScaler } from '../../kernels/standard-scaler.js';
import { PermanentError } from '../../dag/permanent-error.js';
import type { ColumnPart, Encoding } from './encoding.js';

/** What makes a point of an encoded row: `(value - mean) / scale * weight`, column by column. */
export const featureScaler = z.object({
  /** Of the points: those of the encoded matrix whose group has a weight above 0, in its order. */
  columns: z.array(z.string()),
  means: z.array(z.number()),
  scales: z.array(z.number()),
  /** Square roots of the groups' weights: a weight multiplies a group's part of the squared distance. */
  weights: z.array(z.number()),
  /** The customer table's columns behind them. */
  features: z.array(
    z.object({
      name: z.string(),
      group: z.string(),
      /** Columns of the points. */
      columns: z.array(z.number().int()),
      /** What it adds to the squared distance of two customers drawn at random, on average. */
      expected: z.number(),
    }),
  ),
});
export type FeatureScaler = z.infer<typeof featureScaler>;

/** Weights that do not fit the encoding: unknown groups, or none that counts. */
export class BadWeights extends PermanentError {
  override readonly name = 'BadWeights';
}

/** No two values of a category, and no value and its absence, are farther apart than this squared. */
const LEAST_VARIANCE = 1 / 2;

/**
 * How encoded columns become coordinates, so that every feature (all columns of one source) counts the same unless a
 * weight says otherwise, and no rare value rules. With `V` a column's variance over all rows, an expected squared
 * distance between two random rows is `2 V`:
 *
 * 1. a number is divided by its standard deviation: 2;
 * 2. the columns of a category, or of a cycle, together by `sqrt(max(sum V, 1/2))`. The sum over a category with shares
 *    `p` is `1 - sum p^2`, the chance that two rows differ: 2 for the category as a whole, whatever its shares. Two
 *    different values are `sqrt(2 / max(sum V, 1/2))` apart, between 1.4 and 2, whichever two they are. A category that
 *    is nearly one value adds less than 2, where it would have to set its rare values far apart to make up for it;
 * 3. an indicator as the category of two values that it is: by `sqrt(max(V, 1/4))`, so that both are at most 2 apart;
 * 4. a feature that is several of these (a number and its indicators) is divided by the root of their sum where that is
 *    above 1: it adds 2 as well.
 *
 * `variances` are the columns' population variances, 0 for a constant. Throws `BadWeights` for a group that is not in the
 * encoding, and where no group is left.
 */
export function fitFeatureScaler(
  { columns }: Encoding,
  { means, scales: deviations }: StandardScaler,
  variances: readonly number[],
  rows: number,
  weights: { readonly [group: string]: number },
): FeatureScaler {
  checkWeights(new Set(columns.map(({ group }) => group)), weights);
  const weightOf = (group: string): number => (Object.hasOwn(weights, group) ? (weights[group] ?? 1) : 1);
  const fitted: FeatureScaler = { columns: [], means: [], scales: [], weights: [], features: [] };
  for (const source of new Set(columns.map((column) => column.source))) {
    const own = columns.flatMap((column, at) => (column.source === source ? [{ ...column, at }] : []));
    const group = own[0]?.group ?? source;
    if (weightOf(group) === 0) continue;
    const varianceOf = (part: ColumnPart): number =>
      own.reduce((sum, { part: its, at }) => (its === part ? sum + (variances[at] ?? 0) : sum), 0);
    const parts = own.map(({ part, at }) => partScale(part, deviations[at] ?? 1, varianceOf(part)));
    const total = own.reduce((sum, { at }, i) => sum + (variances[at] ?? 0) / (parts[i] ?? 1) ** 2, 0);
    const whole = Math.sqrt(Math.max(total, 1));
    const first = fitted.columns.length;
    for (const [i, { name, at }] of own.entries()) {
      fitted.columns.push(name);
      fitted.means.push(means[at] ?? 0);
      fitted.scales.push((parts[i] ?? 1) * whole);
      fitted.weights.push(Math.sqrt(weightOf(group)));
    }
    // Two rows that are not the same one: a little more than two draws that may be.
    const pairs = rows > 1 ? rows / (rows - 1) : 0;
    fitted.features.push({
      name: source,
      group,
      columns: own.map((_, i) => first + i),
      expected: (2 * total * weightOf(group) * pairs) / whole ** 2,
    });
  }
  return fitted;
}

function partScale(part: ColumnPart, deviation: number, variance: number): number {
  if (part === 'number') return deviation;
  if (part === 'choice' || part === 'cycle') return Math.sqrt(Math.max(variance, LEAST_VARIANCE));
  return Math.sqrt(Math.max(variance, LEAST_VARIANCE / 2));
}

function checkWeights(groups: ReadonlySet<string>, weights: { readonly [group: string]: number }): void {
  const known = [...groups].join(', ');
  for (const [group, weight] of Object.entries(weights)) {
    if (!groups.has(group)) {
      throw new BadWeights(`weights.${group}: Expected one of the groups of features (${known}), got '${group}'`);
    }
    if (!(weight >= 0 && weight < Infinity)) {
      throw new BadWeights(`weights.${group}: Expected a number of at least 0, got ${weight}`);
    }
  }
  if ([...groups].every((group) => weights[group] === 0)) {
    throw new BadWeights(`Expected a group of features (${known}) with a weight above 0, got 0 for all of them`);
  }
}
