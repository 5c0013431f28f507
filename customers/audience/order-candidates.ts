/** What a candidate goes by: a score, higher first; between equal scores the nearer one. */
export interface Standing {
  readonly score: Float64Array;
  readonly distance: Float64Array;
}

/** Positions in the arrays of `standing`, the best first: by score, then by distance, then in the order they come in. */
export function orderCandidates({ score, distance }: Standing): Int32Array {
  return Int32Array.from(score.keys()).toSorted(
    (a, b) => (score[b] ?? 0) - (score[a] ?? 0) || (distance[a] ?? 0) - (distance[b] ?? 0) || a - b,
  );
}

/** One number each that says the same: higher is better, equal only where score and distance are. */
export function standings(standing: Standing): Float64Array {
  const { score, distance } = standing;
  const places = new Float64Array(score.length);
  let place = 0;
  let before: number | undefined;
  for (const at of orderCandidates(standing)) {
    if (before !== undefined && (score[at] !== score[before] || distance[at] !== distance[before])) place -= 1;
    places[at] = place;
    before = at;
  }
  return places;
}
