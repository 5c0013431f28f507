import { checkInteger } from './check-integer.js';

type Numbers = Float32Array | Float64Array;

/** How far a distribution has moved from another, and over which bins. Plain data. */
export interface PopulationStability {
  /** 0 where the shares are the same. By custom, below 0.1 is no change to speak of, above 0.25 a large one. */
  readonly index: number;
  /** Where one bin ends and the next begins, ascending: see `quantileEdges`. One less than there are bins. */
  readonly edges: Float64Array;
  /** Values of each sample in each bin. */
  readonly expected: Float64Array;
  readonly actual: Float64Array;
}

/**
 * The population stability index of two samples of a quantity, over bins that each hold about the same number of the
 * expected values: see `quantileEdges` and `stabilityOfCounts`. `bins`, default 10, is how many there are at most.
 *
 * Throws RangeError for a sample without values, values that are not finite, and `bins` below 1.
 */
export function populationStability(
  expected: Numbers,
  actual: Numbers,
  { bins = 10 }: { readonly bins?: number | undefined } = {},
): PopulationStability {
  checkValues('expected', expected);
  checkValues('actual', actual);
  const edges = quantileEdges(expected, bins);
  const counts = { expected: countInBins(edges, expected), actual: countInBins(edges, actual) };
  return { index: stabilityOfCounts(counts.expected, counts.actual), edges, ...counts };
}

/**
 * Of a sample in order, the values at which `1/bins, 2/bins, …` of it is reached (the inverse of its distribution, numpy's
 * `inverted_cdf`). A bin has the values above the edge before it up to its own edge, that included: equal values are
 * never in two bins. Where so many are equal that edges coincide, the bins become one; nor is there an edge at the
 * largest value, behind which nothing would be expected.
 */
export function quantileEdges(sample: Numbers, bins: number): Float64Array {
  checkInteger('bins', bins, 1, Number.MAX_SAFE_INTEGER, 'at least 1');
  checkValues('sample', sample);
  const sorted = Float64Array.from(sample).toSorted();
  const largest = sorted[sorted.length - 1];
  const edges: number[] = [];
  // More bins than values would only meet each value again.
  const parts = Math.min(bins, sorted.length);
  for (let part = 1; part < parts; part++) {
    const edge = sorted[Math.ceil((sorted.length * part) / parts) - 1];
    if (edge < largest && edge !== edges.at(-1)) edges.push(edge);
  }
  return Float64Array.from(edges);
}

/** How many of the values each bin has: one bin more than edges, the last one above all of them. */
export function countInBins(edges: Float64Array, values: Numbers): Float64Array {
  const counts = new Float64Array(edges.length + 1);
  for (let i = 0; i < values.length; i++) {
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[i] <= edges[middle]) high = middle;
      else low = middle + 1;
    }
    counts[low]++;
  }
  return counts;
}

/**
 * The population stability index of two distributions over the same bins or categories, given how many each has of
 * them: the sum of `(a - e) ln(a / e)`, `a` and `e` being the shares of a bin in the actual and the expected one. It is
 * the symmetric divergence of H. Jeffreys, "An invariant form for the prior probability in estimation problems", Proc.
 * R. Soc. A 186, 1946; never below 0, and the same when the two are exchanged.
 *
 * A bin that one of them has nothing in counts as half a row there, so that the index stays finite; one that is empty in
 * both is left out. Throws RangeError unless both have as many entries, all finite and 0 or above, and not all 0.
 */
export function stabilityOfCounts(expected: ArrayLike<number>, actual: ArrayLike<number>): number {
  if (expected.length !== actual.length) {
    throw new RangeError(
      `Expected counts of the same bins, got ${expected.length} expected ones and ${actual.length} actual ones`,
    );
  }
  const all = { expected: totalOf('expected', expected), actual: totalOf('actual', actual) };
  let index = 0;
  for (let bin = 0; bin < expected.length; bin++) {
    if (expected[bin] === 0 && actual[bin] === 0) continue;
    const e = (expected[bin] || HALF_A_ROW) / all.expected;
    const a = (actual[bin] || HALF_A_ROW) / all.actual;
    index += (a - e) * Math.log(a / e);
  }
  return index;
}

const HALF_A_ROW = 0.5;

function totalOf(name: string, counts: ArrayLike<number>): number {
  let total = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    if (!(counts[bin] >= 0 && counts[bin] < Infinity)) {
      throw new RangeError(`Expected finite counts of 0 or above in \`${name}\`, got ${counts[bin]} in bin ${bin}`);
    }
    total += counts[bin];
  }
  if (total === 0) throw new RangeError(`Expected \`${name}\` to have at least one row, got none`);
  return total;
}

function checkValues(name: string, values: Numbers): void {
  if (values.length === 0) throw new RangeError(`Expected \`${name}\` to have at least one value, got none`);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(`Expected finite values in \`${name}\`, got ${values[i]} at ${i}`);
    }
  }
}
