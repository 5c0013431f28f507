/**
 * Squared Euclidean distance between `columns` values of `a` from `aStart` and of `b` from `bStart`, as a sum of exact
 * squared differences, never by expanding the square, which loses the digits of small distances.
 */
export function squaredDistance(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  columns: number,
): number {
  return squaredDistanceWithin(a, aStart, b, bStart, columns, Infinity);
}

/**
 * As `squaredDistance`, bit for bit, where the distance is at most `bound`; otherwise any number above `bound`.
 *
 * The terms are added in a fixed order, eight at a time, and none is negative. Rounded addition is monotonic, so a
 * partial sum above the bound proves the whole sum above it.
 */
export function squaredDistanceWithin(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  columns: number,
  bound: number,
): number {
  let sum = 0;
  let i = aStart;
  let j = bStart;
  const end = aStart + columns;
  for (const endOfEights = end - 7; i < endOfEights; i += 8, j += 8) {
    const d0 = a[i] - b[j];
    const d1 = a[i + 1] - b[j + 1];
    const d2 = a[i + 2] - b[j + 2];
    const d3 = a[i + 3] - b[j + 3];
    const d4 = a[i + 4] - b[j + 4];
    const d5 = a[i + 5] - b[j + 5];
    const d6 = a[i + 6] - b[j + 6];
    const d7 = a[i + 7] - b[j + 7];
    sum += d0 * d0 + d1 * d1 + (d2 * d2 + d3 * d3) + (d4 * d4 + d5 * d5 + (d6 * d6 + d7 * d7));
    if (sum > bound) return sum;
  }
  for (; i < end; i++, j++) {
    const d = a[i] - b[j];
    sum += d * d;
  }
  return sum;
}
