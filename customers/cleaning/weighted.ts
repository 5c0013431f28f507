/** Something of which a column has so many cells. */
export interface Counted {
  readonly count: number;
}

/** A number of a column and how many cells have it. */
export interface Weighted extends Counted {
  readonly value: number;
}

export const cellsOf = (all: readonly Counted[]): number => all.reduce((sum, { count }) => sum + count, 0);

/** What such a share of the cells has at most; 0 of none. */
export function quantile<One extends Counted>(all: readonly One[], share: number, of: (one: One) => number): number {
  const enough = share * cellsOf(all);
  let seen = 0;
  for (const one of all.toSorted((a, b) => of(a) - of(b))) {
    seen += one.count;
    if (seen >= enough) return of(one);
  }
  return 0;
}
