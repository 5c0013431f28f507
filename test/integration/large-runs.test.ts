// What Temporal has to carry of large runs: events of a history, bytes of a payload.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { WorkflowHandle } from '@temporalio/client';
import { PermanentError } from '../../dag/permanent-error.js';
import { wholePlan } from '../../dag/run-plan.js';
import { tasksIn } from '../../dag/run-state.js';
import type { RunState } from '../../dag/run-state.js';
import { readRunRecord } from '../../lake/run-records.js';
import { progressQuery } from '../../workflows/run-dag.js';
import { wideMapDag, wideDag } from '../contract/contract-dags.js';
import { SkipSelf, counted, numbers } from '../contract/contract-run.js';
import type { Behaviour } from '../contract/contract-run.js';
import { actOn, recordOf, settled, startContractWorker } from '../support/contract-worker.js';
import type { ContractWorker } from '../support/contract-worker.js';
import { childrenOf, historyFigures } from '../support/run-history.js';

const PAYLOAD_LIMIT = 16 * 1024;
const EVENT_LIMIT = 5_000;

let worker: ContractWorker;

beforeAll(async () => {
  worker = await startContractWorker({ address: inject('temporalAddress') });
});

afterAll(() => worker.close());

/** Checks a run's history and those of its children, and says how large they came out. */
async function expectSmall(name: string, handle: WorkflowHandle): Promise<void> {
  const children = await childrenOf(worker.client, handle);
  const all = await Promise.all([handle, ...children].map(historyFigures));
  const events = all.map((figures) => figures.events);
  const bytes = all.map(({ largest }) => largest.bytes);
  const where = all.find(({ largest }) => largest.bytes === Math.max(...bytes))?.largest.event;
  console.log(
    `${name}: ${events[0]} events${children.length === 0 ? '' : `, ${Math.max(...events.slice(1))} at most in ${children.length} children`}; ` +
      `largest payload ${Math.max(...bytes)} bytes (${where})`,
  );
  expect(Math.max(...events)).toBeLessThan(EVENT_LIMIT);
  expect(Math.max(...bytes)).toBeLessThanOrEqual(PAYLOAD_LIMIT);
}

/** The run's record is an argument of a local activity: nobody's history shows how large it is. */
async function expectSmallRecord(handle: WorkflowHandle, dag: string, tasks: number): Promise<void> {
  const record = await readRunRecord(worker.store, recordOf(handle, dag));
  const bytes = Buffer.byteLength(JSON.stringify(record));
  console.log(`the record of ${dag}: ${bytes} bytes`);
  expect(Object.keys(record?.states ?? {})).toHaveLength(tasks);
  expect(bytes).toBeLessThanOrEqual(PAYLOAD_LIMIT);
}

describe('a run of a hundred tasks', () => {
  it('stays small', async () => {
    worker.behave(numbers);
    const handle = await worker.start(wideDag, { start: 1 });
    const { outcome, state } = await settled(handle);
    expect(outcome).toBe('success');
    expect(tasksIn(state, 'success')).toHaveLength(100);
    await expectSmall('100 tasks', handle);
    await expectSmallRecord(handle, wideDag.id, 100);
  });

  it('stays small and alive where all of its tasks fail, with long messages, and are held', async () => {
    const message = 'é'.repeat(3_000);
    worker.behave({ ...numbers, triple: async () => Promise.reject(new PermanentError(message)) });
    const handle = await worker.start(wideDag, { start: 1 }, { plan: { ...wholePlan(wideDag), hold: true } });
    const held = async (): Promise<number> => tasksIn(await handle.query(progressQuery), 'held').length;
    await expect.poll(held, { timeout: 60_000, interval: 200 }).toBe(98);
    expect(await actOn(handle, { do: 'release' })).toBeUndefined();
    expect((await settled(handle)).outcome).toBe('failed');
    await expectSmall('98 failures', handle);
    await expectSmallRecord(handle, wideDag.id, 100);
  });
});

const COUNT = 1_000;
const words = Array.from({ length: COUNT }, (_, item) => `word ${item} ${'-'.repeat(40)}`);
const outputOf = (word: string): string => `${word.toUpperCase()} ${'+'.repeat(40)}`;

describe('a map of a thousand items', () => {
  const behaviour = {
    list: async () => words,
    shout: async ({ word }) => outputOf(word),
    join: async (input) => `${input.words.length} of them, the last one ${input.words.at(-1)}`,
  } satisfies Behaviour;
  const itemsIn = (state: RunState, wanted: string): number =>
    (state.tasks['shout']?.items ?? []).filter((item) => item.state === wanted).length;

  it('runs in child workflows, gives its outputs in order, and tries failed items again alone', async () => {
    const broken = new Set([17, 500, 501, 999].map((item) => words[item] ?? ''));
    const skipped = words[400];
    let joined: readonly string[] = [];
    const { behaviour: watched, attempts } = counted({
      ...behaviour,
      shout: async ({ word }) => {
        if (broken.has(word)) throw new PermanentError(`no ${word}`);
        return word === skipped ? new SkipSelf('not this one') : outputOf(word);
      },
      join: async (input) => {
        joined = input.words;
        return behaviour.join(input);
      },
    });
    worker.behave(watched);
    const handle = await worker.start(wideMapDag, { start: 1 }, { plan: { ...wholePlan(wideMapDag), hold: true } });
    const mapState = async (): Promise<string | undefined> => (await handle.query(progressQuery)).tasks['shout']?.state;
    await expect.poll(mapState, { timeout: 90_000, interval: 500 }).toBe('held');
    const held = await handle.query(progressQuery);
    expect(attempts['shout']).toBe(COUNT);
    expect(held.tasks['shout']?.error?.message).toMatch(
      /^4 of 1000 items failed: item 17: PermanentError: no word 17 -+; item 500: .*; item 501: .*; and 1 more$/,
    );
    expect([itemsIn(held, 'success'), itemsIn(held, 'failed'), itemsIn(held, 'skipped')]).toEqual([995, 4, 1]);

    // One of them is mended first.
    broken.delete(words[500] ?? '');
    expect(await actOn(handle, { do: 'retry', task: 'shout' })).toBeUndefined();
    await expect.poll(() => attempts['shout'], { timeout: 60_000 }).toBe(COUNT + 4);
    await expect.poll(mapState, { timeout: 60_000, interval: 200 }).toBe('held');
    broken.clear();
    await actOn(handle, { do: 'retry', task: 'shout' });
    const { state, outputs, outcome } = await settled(handle);
    expect(outcome).toBe('success');
    expect(attempts['shout']).toBe(COUNT + 4 + 3);
    expect(joined).toEqual(words.filter((word) => word !== skipped).map(outputOf));
    expect(itemsIn(state, 'success')).toBe(COUNT - 1);
    expect(state.tasks['shout']?.note).toBe('1000 items: 999 computed, 1 skipped');
    expect(outputs['words']).toMatchObject({ stored: 'list', count: COUNT - 1 });
    await expectSmall('1,000 items, two retries', handle);
    await expectSmallRecord(handle, wideMapDag.id, 3);
  });

  it('stays small where every item fails', async () => {
    const message = 'é'.repeat(500);
    const some = words.slice(0, 400);
    worker.behave({
      ...behaviour,
      list: async () => some,
      shout: async () => Promise.reject(new PermanentError(message)),
    });
    const handle = await worker.start(wideMapDag, { start: 1 });
    const { outcome, state } = await settled(handle);
    expect(outcome).toBe('failed');
    expect(itemsIn(state, 'failed')).toBe(400);
    await expectSmall('400 failed items', handle);
  });

  it('ends its children where it is cancelled, and leaves nothing at work', async () => {
    const { behaviour: watched, atWork } = counted({
      ...behaviour,
      shout: async (_, { signal, beat }) => {
        const beats = setInterval(beat, 100);
        return new Promise<string>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        }).finally(() => clearInterval(beats));
      },
    });
    worker.behave(watched);
    const handle = await worker.start(wideMapDag, { start: 1 });
    await expect.poll(atWork, { timeout: 60_000 }).toBe(25);
    await actOn(handle, { do: 'cancel' });
    expect((await settled(handle)).outcome).toBe('cancelled');
    expect(atWork()).toBe(0);
    const children = await childrenOf(worker.client, handle);
    const states = await Promise.all(children.map(async (child) => (await child.describe()).status.name));
    expect(states.length).toBeGreaterThan(0);
    expect(new Set(states)).toEqual(new Set(['CANCELLED']));
  });
});
