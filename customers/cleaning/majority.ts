/** So many times more cells must speak for one side than for the other. */
export const CLEAR = 20;

/** The side that the cells speak for; undefined where none speaks. Against a few slips it counts all the same. */
export function majority<Side extends string>(
  votes: { readonly [side in Side]: number },
  one: Side,
  other: Side,
): Side | 'undecided' | undefined {
  if (votes[one] + votes[other] === 0) return undefined;
  if (votes[one] >= CLEAR * votes[other]) return one;
  return votes[other] >= CLEAR * votes[one] ? other : 'undecided';
}
