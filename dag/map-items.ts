import type { TaskSpec } from './dag.js';
import type { TaskResult } from './executor.js';
import type { ItemState, TaskFailure } from './run-state.js';
import { itemOf, lengthOf } from './stored-list.js';

/** How one item ended. */
export type ItemOutcome =
  | { readonly state: 'success'; readonly output: unknown; readonly cached: boolean }
  | { readonly state: 'skipped' }
  | { readonly state: 'failed'; readonly error: TaskFailure }
  | { readonly state: 'cancelled' };

/** Some items of a map failed, after all had ended. */
export class ItemsFailed extends Error {
  override readonly name = 'ItemsFailed';
  readonly failed: readonly number[];
  /** What the other items gave, in their order, for tasks whose rule lets a failure through; as a map's output is. */
  readonly given: unknown;

  constructor(count: number, failures: ReadonlyMap<number, TaskFailure>, given?: unknown) {
    const shown = [...failures].slice(0, SHOWN).map(([item, { type, message }]) => `item ${item}: ${type}: ${message}`);
    const more = failures.size > SHOWN ? `; and ${failures.size - SHOWN} more` : '';
    super(`${failures.size} of ${count} items failed: ${shown.join('; ')}${more}`);
    this.failed = [...failures.keys()];
    this.given = given;
  }
}

/** Failures that a message tells whole. */
const SHOWN = 3;

/** A map, or a part of one. */
export interface MapRun {
  readonly task: TaskSpec;
  readonly input: { readonly [name: string]: unknown };
  /** Only these items: from the first up to before the second. Default: all. */
  readonly range?: readonly [from: number, to: number];
  readonly concurrency: number;
  /** What came of items in an earlier try of the same map: successes and skips need no other. Filled here. */
  readonly memory: Map<number, ItemOutcome>;
  /** Brings one item to its end; rejects when it failed for good. */
  one(input: { readonly [name: string]: unknown }, item: number): Promise<TaskResult>;
  describe(error: unknown): TaskFailure & { readonly cancelled: boolean };
  /** Whether to start no more items. */
  stopped(): boolean;
  onItems(items: readonly ItemState[]): void;
  unpaused(): Promise<void>;
}

export interface MapOutcome {
  /** Of the items that succeeded, in the order of the list. */
  readonly outputs: readonly unknown[];
  /** Of all items that were asked for. */
  readonly items: readonly ItemState[];
}

/**
 * Runs the items of a map, `concurrency` at once, the next one when one ends. All come to an end before it resolves;
 * failed items are states, not errors. Rejects only with the error of the first cancelled item.
 */
export async function runMap(map: MapRun): Promise<MapOutcome> {
  const { task, input, memory, describe, range = [0, itemCount(task, input)] } = map;
  const [from, to] = range;
  const outcomes = Array.from({ length: to - from }, (_, place) => memory.get(from + place));
  const items = outcomes.map((outcome): ItemState =>
    outcome === undefined ? { state: 'waiting' } : itemState(outcome),
  );
  const show = (place: number, state: ItemState): void => {
    items[place] = state;
    map.onItems([...items]);
  };
  let cancelledBy: unknown;
  const runOne = async (item: number): Promise<ItemOutcome> => {
    try {
      const { output, cached, skipped } = await map.one(itemInput(task, input, item), item);
      return skipped === undefined ? { state: 'success', output, cached } : { state: 'skipped' };
    } catch (error) {
      const { cancelled, type, message } = describe(error);
      if (cancelled) cancelledBy ??= error;
      return cancelled ? { state: 'cancelled' } : { state: 'failed', error: { type, message } };
    }
  };
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let place = next++; place < outcomes.length; place = next++) {
      if (outcomes[place] !== undefined) continue;
      await map.unpaused();
      if (map.stopped()) {
        show(place, { state: 'cancelled' });
        continue;
      }
      show(place, { state: 'running' });
      const outcome = await runOne(from + place);
      outcomes[place] = outcome;
      if (outcome.state === 'success' || outcome.state === 'skipped') memory.set(from + place, outcome);
      show(place, itemState(outcome));
    }
  };
  await Promise.all(Array.from({ length: Math.min(map.concurrency, outcomes.length) }, lane));
  if (cancelledBy !== undefined) throw cancelledBy;
  return { items, outputs: outcomes.flatMap((outcome) => (outcome?.state === 'success' ? [outcome.output] : [])) };
}

export function itemState(outcome: ItemOutcome): ItemState {
  if (outcome.state === 'failed') return { state: 'failed', error: outcome.error };
  return outcome.state === 'success' && outcome.cached ? { state: 'success', cached: true } : { state: outcome.state };
}

/** What one item's call gets: the map's inputs, with the item in the place of the list. */
export function itemInput(
  task: TaskSpec,
  input: { readonly [name: string]: unknown },
  item: number,
): { readonly [name: string]: unknown } {
  return task.kind.is === 'map' ? { ...input, [task.kind.over]: itemOf(input[task.kind.over], item) } : input;
}

/** How many items a map has to go over. Throws a `RangeError` where its input is no list. */
export function itemCount(task: TaskSpec, input: { readonly [name: string]: unknown }): number {
  const over = task.kind.is === 'map' ? task.kind.over : '';
  const count = lengthOf(input[over]);
  if (count === undefined)
    throw new RangeError(`Expected \`${over}\` of ${task.id} to be a list, got ${JSON.stringify(input[over])}`);
  return count;
}

/** What a map says of itself: `20 items: 3 computed, 16 cached, 1 skipped`. */
export function itemsNote(items: readonly ItemState[]): string {
  const cached = items.filter((item) => item.cached === true).length;
  const skipped = items.filter((item) => item.state === 'skipped').length;
  const parts = [`${items.length - cached - skipped} computed`];
  if (cached > 0) parts.push(`${cached} cached`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return `${items.length} ${items.length === 1 ? 'item' : 'items'}: ${parts.join(', ')}`;
}

/** `ItemsFailed` where some did, with what the others gave. */
export function failureOfItems(items: readonly ItemState[], given?: unknown): ItemsFailed | undefined {
  const failures = items.flatMap(({ error }, item): [number, TaskFailure][] =>
    error === undefined ? [] : [[item, error]],
  );
  return failures.length === 0 ? undefined : new ItemsFailed(items.length, new Map(failures), given);
}

export const mapResult = (output: unknown, items: readonly ItemState[]): TaskResult => ({
  output,
  cached: items.length > 0 && items.every((item) => item.cached === true || item.state === 'skipped'),
  note: itemsNote(items),
});
