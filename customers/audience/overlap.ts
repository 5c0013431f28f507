/** How far two audiences are the same people. */
export interface Overlap {
  readonly audience: string;
  /** Customers in both. */
  readonly shared: number;
  /** Of those in either, the share that is in both: P. Jaccard's index; 0 where both are empty. */
  readonly jaccard: number;
}

/** The overlap of an audience with each of the others, by their members' ids (each once), in the order of the others. */
export function overlaps(
  members: readonly string[],
  others: ReadonlyMap<string, readonly string[]>,
): readonly Overlap[] {
  const own = new Set(members);
  return Array.from(others, ([audience, ids]) => {
    const shared = ids.filter((id) => own.has(id)).length;
    const either = own.size + ids.length - shared;
    return { audience, shared, jaccard: either === 0 ? 0 : shared / either };
  });
}
