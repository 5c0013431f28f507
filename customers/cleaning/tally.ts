/** Adds cells to what was counted of a name or a number so far. */
export const addTo = <Key>(counts: Map<Key, number>, key: Key, count: number): void =>
  void counts.set(key, (counts.get(key) ?? 0) + count);
