/** Requests to the lake under way at once, where nothing else is said. */
const LANES = 16;

/**
 * Does the work for every item, so many at once; results in the order of the items. Rejects with the first failure,
 * after what was under way has ended; nothing more is begun then.
 */
export async function inLanes<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<Result>,
  lanes = LANES,
): Promise<readonly Result[]> {
  const rest = items[Symbol.iterator]();
  const results: Result[] = [];
  const failures: unknown[] = [];
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (failures.length === 0) {
      const next = rest.next();
      if (next.done) return;
      const place = begun;
      begun += 1;
      try {
        results[place] = await work(next.value);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}
