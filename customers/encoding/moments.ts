/** The middle value, or the mean of the two in the middle. NaN for none. */
export function medianOf(values: Float64Array): number {
  const sorted = values.toSorted();
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return lower + (upper - lower) / 2;
}

/** The third standardized moment of the values as a population; 0 where they do not vary. */
export function skewnessOf(values: Float64Array): number {
  const mean = meanOf(values, (value) => value);
  const variance = meanOf(values, (value) => (value - mean) ** 2);
  const third = meanOf(values, (value) => (value - mean) ** 3);
  return variance > 0 ? third / variance ** 1.5 : 0;
}

function meanOf(values: Float64Array, of: (value: number) => number): number {
  let sum = 0;
  for (const value of values) sum += of(value);
  return values.length === 0 ? 0 : sum / values.length;
}
