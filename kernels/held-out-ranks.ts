/** Of a score that should put some above the others: who was held out, and a sample of everyone else. */
export interface HeldOutScores {
  /** Higher is better; equal ones are equally good. */
  readonly heldOut: Float64Array;
  readonly others: Float64Array;
  /** How many each of `others` stands for. */
  readonly otherWeight: number;
}

/**
 * Where each held-out one stands among everyone, from the best: the share of all who are above it, those that are equal
 * counted half. 0..1, one for each of `heldOut`.
 */
export function heldOutRanks({ heldOut, others, otherWeight }: HeldOutScores): Float64Array {
  const sortedOthers = others.toSorted();
  const sortedHeldOut = heldOut.toSorted();
  const everyone = heldOut.length + others.length * otherWeight;
  return heldOut.map(
    (score) => (countAbove(sortedHeldOut, score) + countAbove(sortedOthers, score) * otherWeight) / everyone,
  );
}

/**
 * The area under the ROC curve: how often a held-out one scores above one of the others, equal ones counted half. 0.5 is
 * chance. NaN where one of the two is empty.
 */
export function rocArea(heldOut: Float64Array, others: Float64Array): number {
  const sorted = others.toSorted();
  let above = 0;
  for (const score of heldOut) above += countAbove(sorted, score);
  return 1 - above / (heldOut.length * others.length);
}

/** How many of the ascending `sorted` are above `score`, equal ones counted half. */
function countAbove(sorted: Float64Array, score: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < score) low = middle + 1;
    else high = middle;
  }
  let equal = low;
  high = sorted.length;
  while (equal < high) {
    const middle = (equal + high) >> 1;
    if (sorted[middle] <= score) equal = middle + 1;
    else high = middle;
  }
  return sorted.length - equal + (equal - low) / 2;
}
