/**
 * The `k`-th smallest of `values`, `k` counted from 1. Reorders `values`, so that its first `k` are the smallest ones.
 * C. A. R. Hoare's selection ("Algorithm 65: Find", CACM 4(7), 1961), the pivot being the median of three, so that values
 * in order are no worst case. None may be NaN.
 */
export function kthSmallest(values: Float32Array, k: number): number {
  const wanted = k - 1;
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOfThree(values[low], values[(low + high) >> 1], values[high]);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const moved = values[i];
        values[i] = values[j];
        values[j] = moved;
        i++;
        j--;
      }
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return values[wanted];
}

const medianOfThree = (a: number, b: number, c: number): number =>
  a < b ? (b < c ? b : Math.max(a, c)) : a < c ? a : Math.max(b, c);
