/** Somebody who could be in an audience: what each way to sort says, and what came of it. */
export interface Candidate {
  readonly id: string;
  /** One score a way to sort, higher first. */
  readonly scores: readonly number[];
  readonly outcome: boolean;
}

/**
 * The lift of the best `share` by one way to sort: the outcome's rate among them over that among all. `times` says how
 * often each candidate counts (a bootstrap draw). Of equal scores at the border each counts with its share. `order` is
 * `bestFirst` of that way. NaN where nobody has the outcome.
 */
export function liftAt(
  candidates: readonly Candidate[],
  order: Int32Array,
  way: number,
  share: number,
  times: (at: number) => number,
): number {
  let [everyone, outcomes] = [0, 0];
  for (const [at, { outcome }] of candidates.entries()) {
    everyone += times(at);
    if (outcome) outcomes += times(at);
  }
  let left = share * everyone;
  let found = 0;
  for (let i = 0; i < order.length && left > 0;) {
    const score = scoreOf(candidates, order, i, way);
    let [tied, tiedOutcomes] = [0, 0];
    for (; i < order.length && scoreOf(candidates, order, i, way) === score; i += 1) {
      const at = order[i] ?? 0;
      tied += times(at);
      if (candidates[at]?.outcome === true) tiedOutcomes += times(at);
    }
    if (tied > 0) found += tiedOutcomes * Math.min(1, left / tied);
    left -= tied;
  }
  return found / (share * everyone) / (outcomes / everyone);
}

/** Positions of the candidates, the best by one way to sort first. */
export const bestFirst = (candidates: readonly Candidate[], way: number): Int32Array =>
  Int32Array.from(candidates.keys()).toSorted(
    (a, b) => (candidates[b]?.scores[way] ?? 0) - (candidates[a]?.scores[way] ?? 0) || a - b,
  );

const scoreOf = (candidates: readonly Candidate[], order: Int32Array, i: number, way: number): number | undefined =>
  candidates[order[i] ?? 0]?.scores[way];
