/** A clustering as the choice of k sees it. */
export interface ClusteringScore {
  readonly k: number;
  readonly inertia: number;
  /** Mean silhouette, `null` where it is not defined. */
  readonly silhouette: number | null;
}

/**
 * The k to use among clusterings in ascending order of k, all different: the elbow of the inertia (`findElbow`). Where
 * the curve has none, the k of the highest silhouette, the lowest of equal ones; where no silhouette is defined
 * either, the lowest k.
 */
export function chooseK(byK: readonly ClusteringScore[]): number {
  if (byK.length === 0) throw new RangeError('Expected at least one clustering to choose from, got none');
  const elbow = findElbow(
    byK.map((score) => score.k),
    byK.map((score) => score.inertia),
  );
  if (elbow !== null) return elbow;
  let best = byK[0];
  for (const score of byK) {
    if ((score.silhouette ?? -Infinity) > (best.silhouette ?? -Infinity)) best = score;
  }
  return best.k;
}

/**
 * The elbow of a decreasing convex curve of inertia over k, by Kneedle (V. Satopää, J. Albrecht, D. Irwin, B. Raghavan,
 * "Finding a 'kneedle' in a haystack", ICDCS Workshops 2011) with sensitivity 1; or `null` when there is none. `ks`
 * ascend, and each has its inertia.
 *
 * Both axes are scaled to 0..1 and the curve is turned upside down, so that an elbow is a local maximum of
 * `(1 - inertia) - k`. A maximum counts once a later difference, before the next maximum, falls below it by more than
 * the mean step of the scaled ks. Of several that count, the highest is taken, the first of equal ones; the paper would
 * report all. The inertias of a sweep are exact, so the paper's smoothing is left out.
 *
 * There is no elbow in fewer than three points, in a flat curve, nor at either end.
 */
export function findElbow(ks: readonly number[], inertias: readonly number[]): number | null {
  checkCurve(ks, inertias);
  const last = ks.length - 1;
  const lowest = Math.min(...inertias);
  const height = Math.max(...inertias) - lowest;
  if (last < 2 || height === 0) return null;
  const width = ks[last] - ks[0];
  const differences = ks.map((k, i) => 1 - (inertias[i] - lowest) / height - (k - ks[0]) / width);

  let elbow: number | null = null;
  let highest = -Infinity;
  for (let i = 1; i < last; i++) {
    if (isMaximum(differences, i) && differences[i] > highest && fallsBelow(differences, i, 1 / last)) {
      elbow = ks[i];
      highest = differences[i];
    }
  }
  return elbow;
}

/** Whether entry `i`, not the first or last, is a local maximum; of a plateau, its first entry. */
function isMaximum(differences: readonly number[], i: number): boolean {
  return differences[i - 1] < differences[i] && differences[i] >= differences[i + 1];
}

function fallsBelow(differences: readonly number[], maximum: number, step: number): boolean {
  const threshold = differences[maximum] - step;
  for (let j = maximum + 1; j < differences.length; j++) {
    if (differences[j] < threshold) return true;
    if (j + 1 < differences.length && isMaximum(differences, j)) return false;
  }
  return false;
}

function checkCurve(ks: readonly number[], inertias: readonly number[]): void {
  if (ks.length !== inertias.length) {
    throw new RangeError(`Expected one inertia for each of ${ks.length} ks, got ${inertias.length}`);
  }
  for (const [i, k] of ks.entries()) {
    if (i > 0 && !(k > ks[i - 1])) throw new RangeError(`Expected ks to ascend, got ${k} after ${ks[i - 1]}`);
    if (!Number.isFinite(inertias[i])) throw new RangeError(`Expected a finite inertia for k ${k}, got ${inertias[i]}`);
  }
}
