import { expect, it } from 'vitest';
import { PermanentError } from '../../dag/permanent-error.js';
import { wholePlan } from '../../dag/run-plan.js';
import { gleaningDag, mapDag, NARROW, poolDag } from './contract-dags.js';
import { SkipSelf, beating, counted, pause, runToEnd, statesOf, untilReached } from './contract-run.js';
import type { Behaviour, StartContractRun } from './contract-run.js';

const WORDS = ['uno', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete'];

/** What the tasks of `mapped` do where nothing goes wrong. */
const shouting = {
  list: async () => WORDS,
  shout: async ({ word }) => word.toUpperCase(),
  join: async ({ words }) => words.join(' '),
} satisfies Behaviour;

const holding = { ...wholePlan(mapDag), hold: true };

/** What maps and pools do, whoever runs the DAG. */
export function mapContract(start: StartContractRun): void {
  const run = runToEnd(start);

  it('gives the outputs in the order of the items, whichever ends first, never more at work than it may', async () => {
    const { behaviour, attempts, mostAtWork } = counted({
      shout: async ({ word }, context) => {
        await untilReached(mostAtWork, 3, context);
        await pause(20 * (WORDS.length - WORDS.indexOf(word)));
        return word.toUpperCase();
      },
    });
    const { state, outputs } = await run(mapDag, { ...shouting, ...behaviour });
    expect(outputs['words']).toEqual(WORDS.map((word) => word.toUpperCase()));
    expect(outputs['joined']).toBe('UNO DOS TRES CUATRO CINCO SEIS SIETE');
    expect(attempts).toEqual({ shout: WORDS.length });
    expect(mostAtWork()).toBe(3);
    expect(state.tasks['shout']?.items).toEqual(WORDS.map(() => ({ state: 'success' })));
    expect(state.tasks['shout']?.note).toBe('7 items: 7 computed');
  });

  it('takes an empty list, and gives one', async () => {
    const { outputs, outcome } = await run(mapDag, { ...shouting, list: async () => [] });
    expect(outcome).toBe('success');
    expect(outputs).toEqual({ words: [], joined: '' });
  });

  it('leaves items that skip themselves out of the outputs, in the order of the others', async () => {
    const { state, outputs } = await run(mapDag, {
      ...shouting,
      shout: async ({ word }) => (word === 'tres' ? new SkipSelf('not this one') : word.toUpperCase()),
    });
    expect(outputs['words']).toEqual(['UNO', 'DOS', 'CUATRO', 'CINCO', 'SEIS', 'SIETE']);
    expect(state.tasks['shout']?.items?.[2]).toEqual({ state: 'skipped' });
    expect(state.tasks['shout']?.note).toBe('7 items: 6 computed, 1 skipped');
  });

  it('tries an item again by itself', async () => {
    const { behaviour, attempts } = counted({
      shout: async ({ word }, { attempt }) => {
        if (word === 'dos' && attempt === 1) throw new Error('the network is away');
        return word.toUpperCase();
      },
    });
    const { outputs } = await run(mapDag, { ...shouting, ...behaviour });
    expect(outputs['joined']).toBe('UNO DOS TRES CUATRO CINCO SEIS SIETE');
    expect(attempts).toEqual({ shout: WORDS.length + 1 });
  });

  it('ends every item before it fails for those that failed, and says which and why', async () => {
    const { behaviour, attempts } = counted({
      shout: async ({ word }) => {
        if (word.startsWith('c')) throw new PermanentError(`no ${word}`);
        return word.toUpperCase();
      },
    });
    const { state, outcome, headline } = await run(mapDag, { ...shouting, ...behaviour });
    expect(outcome).toBe('failed');
    expect(headline).toBe(
      'shout failed: ItemsFailed: 2 of 7 items failed: item 3: PermanentError: no cuatro; item 4: PermanentError: no cinco',
    );
    expect(attempts).toEqual({ shout: WORDS.length });
    const failed = (word: string) => ({ state: 'failed', error: { type: 'PermanentError', message: `no ${word}` } });
    const success = { state: 'success' };
    expect(state.tasks['shout']?.items).toEqual([
      success,
      success,
      success,
      failed('cuatro'),
      failed('cinco'),
      success,
      success,
    ]);
    expect(statesOf(state)).toEqual({ list: 'success', shout: 'failed', join: 'upstream_failed' });
  });

  it('computes the failed items alone when a held map is tried again', async () => {
    let broken = true;
    const { behaviour, attempts } = counted({
      shout: async ({ word }) => {
        if (broken && word.startsWith('c')) throw new PermanentError(`no ${word}`);
        return word.toUpperCase();
      },
    });
    const started = await start(mapDag, { start: 1 }, { ...shouting, ...behaviour }, holding);
    await expect.poll(async () => statesOf(await started.state())['shout'], { timeout: 30_000 }).toBe('held');
    expect(attempts).toEqual({ shout: WORDS.length });
    broken = false;
    expect(await started.act({ do: 'retry', task: 'shout' })).toBeUndefined();
    const { outputs, state } = await started.ended;
    expect(attempts).toEqual({ shout: WORDS.length + 2 });
    expect(outputs['joined']).toBe('UNO DOS TRES CUATRO CINCO SEIS SIETE');
    expect(state.tasks['shout']?.items).toEqual(WORDS.map(() => ({ state: 'success' })));
    expect(state.tasks['shout']).not.toHaveProperty('error');
  });

  /** What `gleaning` does where some words fail; `gleaned` is what its last task got. */
  const gleaning = () => {
    const seen: { gleaned?: readonly string[] | 'nothing' } = {};
    const behaviour = {
      ...shouting,
      shout: async ({ word }) => {
        if (word.startsWith('c')) throw new PermanentError(`no ${word}`);
        return word.toUpperCase();
      },
      glean: async ({ words }) => {
        seen.gleaned = words ?? 'nothing';
        return 'told';
      },
    } satisfies Behaviour;
    return { behaviour, seen };
  };
  const GLEANED = ['UNO', 'DOS', 'TRES', 'SEIS', 'SIETE'];

  it('gives what its other items gave to a task whose rule lets the failure through', async () => {
    const { behaviour, seen } = gleaning();
    const { state, outcome } = await run(gleaningDag, behaviour);
    expect(statesOf(state)).toEqual({ list: 'success', shout: 'failed', glean: 'success', join: 'upstream_failed' });
    expect(seen.gleaned).toEqual(GLEANED);
    expect(outcome).toBe('failed');
  });

  it('gives the same of a list that one workflow cannot run', async () => {
    const words = Array.from({ length: 310 }, (_, i) => `${i % 100 === 0 ? 'c' : 'p'}${i}`);
    const { behaviour, seen } = gleaning();
    await run(gleaningDag, { ...behaviour, list: async () => words });
    expect(seen.gleaned).toEqual(words.filter((word) => word.startsWith('p')).map((word) => word.toUpperCase()));
  });

  it('gives nothing of a map that could not run', async () => {
    const list = async () => {
      throw new PermanentError('no list');
    };
    const { behaviour, seen } = gleaning();
    const { state } = await run(gleaningDag, { ...behaviour, list });
    expect(statesOf(state)).toMatchObject({ shout: 'upstream_failed', glean: 'success', join: 'upstream_failed' });
    expect(seen.gleaned).toBe('nothing');
  });

  it('keeps what a held map gave until it is released', async () => {
    const { behaviour, seen } = gleaning();
    const started = await start(gleaningDag, { start: 1 }, behaviour, { ...wholePlan(gleaningDag), hold: true });
    await expect.poll(async () => statesOf(await started.state())['shout'], { timeout: 30_000 }).toBe('held');
    expect(statesOf(await started.state())['glean']).toBe('waiting');
    expect(await started.act({ do: 'release' })).toBeUndefined();
    await started.ended;
    expect(seen.gleaned).toEqual(GLEANED);
  });

  it('fails a map over something that is no list', async () => {
    const { headline } = await run(mapDag, { ...shouting, list: async () => 'uno' as never });
    expect(headline).toBe('shout failed: RangeError: Expected `word` of shout to be a list, got "uno"');
  });

  it('lets no more tasks of a pool work at once than the pool has slots, and all of them in the end', async () => {
    const { behaviour, attempts, mostAtWork } = counted({
      narrow: async ({ place }, context) => {
        await untilReached(mostAtWork, NARROW, context);
        return place;
      },
    });
    const { outputs, outcome } = await run(poolDag, behaviour);
    expect(outcome).toBe('success');
    expect(Object.values(outputs)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(attempts).toEqual({ narrow: 6 });
    expect(mostAtWork()).toBe(NARROW);
  });

  it('shows who waits for a slot as queued, and gives the slots of failed tasks to the next', async () => {
    const { behaviour, mostAtWork } = counted({
      narrow: async ({ place }, context) => {
        await untilReached(mostAtWork, NARROW, context);
        await beating(context, pause(200));
        if (place < 3) throw new PermanentError('no');
        return place;
      },
    });
    const started = await start(poolDag, { start: 1 }, behaviour);
    const inState = async (wanted: string): Promise<number> =>
      Object.values(statesOf(await started.state())).filter((state) => state === wanted).length;
    await expect.poll(async () => inState('queued'), { interval: 10 }).toBeGreaterThan(0);
    const { state } = await started.ended;
    expect(mostAtWork()).toBe(NARROW);
    expect(Object.values(statesOf(state))).toEqual(['failed', 'failed', 'success', 'success', 'success', 'success']);
  });
}
