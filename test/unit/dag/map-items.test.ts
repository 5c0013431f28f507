import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TASK_DEFAULTS } from '../../../dag/dag.js';
import type { TaskSpec } from '../../../dag/dag.js';
import {
  ItemsFailed,
  failureOfItems,
  itemCount,
  itemInput,
  itemsNote,
  mapResult,
  runMap,
} from '../../../dag/map-items.js';
import type { ItemOutcome, MapRun } from '../../../dag/map-items.js';
import type { ItemState } from '../../../dag/run-state.js';

const spec: TaskSpec = {
  id: 'squares',
  activity: 'square',
  kind: { is: 'map', over: 'of', concurrency: 2 },
  inputs: {},
  after: [],
  options: TASK_DEFAULTS,
};
class CalledOff extends Error {}
const mapOf = (of: readonly unknown[], changes: Partial<MapRun> = {}): MapRun => ({
  task: spec,
  input: { of, scale: 2 },
  concurrency: 2,
  memory: new Map<number, ItemOutcome>(),
  one: async ({ of }) => ({ output: of, cached: false }),
  describe: (error) => ({ type: 'Error', message: String(error), cancelled: error instanceof CalledOff }),
  stopped: () => false,
  onItems: () => {},
  unpaused: async () => {},
  ...changes,
});

type Fate = 'success' | 'cached' | 'skipped' | 'failed';
const fates = fc.array(fc.constantFrom<Fate>('success', 'cached', 'skipped', 'failed'), { maxLength: 12 });

describe('a map', () => {
  it('runs so many items at once, each once, to states and outputs in the order of the list', async () => {
    await fc.assert(
      fc.asyncProperty(fates, fc.integer({ min: 1, max: 5 }), fc.scheduler(), async (fates, concurrency, scheduler) => {
        let [atWork, most] = [0, 0];
        const begun: number[] = [];
        const shown: (readonly ItemState[])[] = [];
        const running = runMap(
          mapOf(fates, {
            concurrency,
            onItems: (items) => shown.push(items),
            one: async ({ of }, item) => {
              begun.push(item);
              atWork += 1;
              most = Math.max(most, atWork);
              await scheduler.schedule(Promise.resolve());
              atWork -= 1;
              if (of === 'failed') throw new Error(`${item}`);
              return { output: item, cached: of === 'cached', ...(of === 'skipped' ? { skipped: 'no' } : {}) };
            },
          }),
        );
        const { outputs, items } = await scheduler.waitFor(running);
        expect(begun).toEqual(fates.map((_, item) => item));
        expect(most).toBe(Math.min(concurrency, fates.length));
        expect(items.map(({ state, cached }) => (cached === true ? 'cached' : state))).toEqual(fates);
        expect(outputs).toEqual(fates.flatMap((fate, item) => (fate === 'success' || fate === 'cached' ? [item] : [])));
        if (fates.length > 0) expect(shown.at(-1)).toEqual(items);
      }),
    );
  });

  it('computes again what did not come to something before, and only that', async () => {
    await fc.assert(
      fc.asyncProperty(fates, async (fates) => {
        const memory = new Map<number, ItemOutcome>();
        const begun: number[] = [];
        const map = mapOf(fates, {
          memory,
          one: async ({ of }, item) => {
            begun.push(item);
            if (of === 'failed' && begun.indexOf(item) === begun.length - 1) throw new Error('once');
            return { output: item, cached: false, ...(of === 'skipped' ? { skipped: 'no' } : {}) };
          },
        });
        await runMap(map);
        const failed = fates.flatMap((fate, item) => (fate === 'failed' ? [item] : []));
        const { outputs } = await runMap(map);
        expect(begun.slice(fates.length)).toEqual(failed);
        expect(outputs).toEqual(fates.flatMap((fate, item) => (fate === 'skipped' ? [] : [item])));
      }),
    );
  });

  it('of a part runs the items of that part, under their own numbers', async () => {
    const seen: unknown[] = [];
    const one: MapRun['one'] = async ({ of }, item) => {
      seen.push([of, item]);
      return { output: of, cached: false };
    };
    const { outputs } = await runMap(mapOf(['a', 'b', 'c', 'd'], { range: [1, 3], one }));
    expect(seen).toEqual([
      ['b', 1],
      ['c', 2],
    ]);
    expect(outputs).toEqual(['b', 'c']);
  });

  it('that is called off starts no more items, and rejects with what called off the first', async () => {
    let stopped = false;
    const last: ItemState[][] = [];
    const running = runMap(
      mapOf([1, 2, 3], {
        concurrency: 1,
        stopped: () => stopped,
        onItems: (items) => last.push([...items]),
        one: async () => {
          stopped = true;
          throw new CalledOff('off');
        },
      }),
    );
    await expect(running).rejects.toThrow('off');
    expect(last.at(-1)?.map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  it('gives each item the other inputs, and the item in the place of the list', () => {
    expect(itemInput(spec, { of: ['a', 'b'], scale: 2 }, 1)).toEqual({ of: 'b', scale: 2 });
    const list = { stored: 'list', count: 7, parts: [] };
    expect(itemInput(spec, { of: list }, 5)).toEqual({ of: { stored: 'item', item: 5, of: list } });
    expect(itemCount(spec, { of: list })).toBe(7);
  });

  it('refuses what is no list', () => {
    expect(() => itemCount(spec, { of: { a: 1 } })).toThrow('Expected `of` of squares to be a list, got {"a":1}');
    expect(() => itemCount(spec, {})).toThrow('got undefined');
  });

  it('says what became of its items', () => {
    const items: ItemState[] = [{ state: 'success', cached: true }, { state: 'success' }, { state: 'skipped' }];
    expect(itemsNote(items)).toBe('3 items: 1 computed, 1 cached, 1 skipped');
    expect(itemsNote([{ state: 'success' }])).toBe('1 item: 1 computed');
    expect(mapResult('out', items)).toEqual({ output: 'out', cached: false, note: itemsNote(items) });
    expect(mapResult([], []).cached).toBe(false);
    expect(mapResult([1], [{ state: 'success', cached: true }]).cached).toBe(true);
  });

  it('fails with the first failures in full words and the number of the others', () => {
    const failed = (message: string): ItemState => ({ state: 'failed', error: { type: 'BadInput', message } });
    const items: ItemState[] = [{ state: 'success' }, ...['a', 'b', 'c', 'd'].map(failed)];
    const failure = failureOfItems(items, ['out']);
    expect(failure).toBeInstanceOf(ItemsFailed);
    expect(failure).toMatchObject({
      message: '4 of 5 items failed: item 1: BadInput: a; item 2: BadInput: b; item 3: BadInput: c; and 1 more',
      failed: [1, 2, 3, 4],
      given: ['out'],
    });
    expect(failureOfItems([{ state: 'success' }, { state: 'skipped' }])).toBeUndefined();
  });
});
