import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { defineActivity } from '../../../activities/define-activity.js';
import { gatherItems } from '../../../activities/gather-items.js';
import { checkOutput } from '../../../activities/check-output.js';
import { runActivity } from '../../../activities/run-activity.js';
import type { ActivityDeps, Attempt } from '../../../activities/run-activity.js';
import { artifactSchema } from '../../../activities/artifact-schema.js';
import type { Artifact } from '../../../dag/artifact.js';
import { KernelThreads } from '../../../kernels/threads/kernel-threads.js';
import { collectGarbage } from '../../../lake/gc/collect-garbage.js';
import { BeingRemoved, keepReferenced, lastSighting } from '../../../lake/keep-objects.js';
import { FailingStore } from '../../support/failing-store.js';
import { MemoryLake, MemoryStore } from '../../support/memory-store.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-keep-'));
const threads = new KernelThreads({ threads: 1 });
afterAll(async () => {
  await threads.close();
  await rm(scratch, { recursive: true, force: true });
});

let lake: MemoryLake;
let store: MemoryStore;
beforeEach(() => {
  lake = new MemoryLake();
  store = new MemoryStore(lake);
});

const gc = async (): Promise<unknown> =>
  collectGarbage(new MemoryStore(lake), { tables: [], runsMs: 1_000_000_000, graceMs: 0 });
const things = (): readonly string[] => [...lake.objects.keys()].filter((key) => key.startsWith('artifacts/thing/'));

/** Makes an artifact of its text. */
const makeThing = defineActivity<{ readonly text: string }, { readonly thing: Artifact<'thing'> }>({
  version: 1,
  cache: 'by-content',
  output: artifactSchema('thing').transform((thing) => ({ thing })),
  async run({ text }, context) {
    const file = join(context.scratch, 'thing.txt');
    await writeFile(file, text);
    return { output: { thing: await context.put('thing', file, { rows: 1, schema: [] }) }, note: '' };
  },
});

const make = async (text: string, other: Partial<Attempt> = {}): Promise<{ readonly thing: Artifact }> => {
  const deps: ActivityDeps = { store, cacheFolder: scratch, threads, queryThreads: 1, queryMemory: '100MB' };
  const signal = new AbortController().signal;
  const place = { task: 'makeThing', run: 'dag/2026-01-01/1', record: 'runs/dag/2026-01-01/1' };
  const attempt = { ...place, mode: 'by-content', attempt: 1, signal, heartbeat: () => {}, ...other } as const;
  // What the definition gives.
  return (await runActivity(makeThing, deps, attempt, { text })).output as { thing: Artifact };
};

describe('what a run uses stays beside gc', () => {
  it('when a task made it, and when an item of a map did, before the map has ended', async () => {
    const [task, item] = [await make('of a task'), await make('of an item', { item: 3 })];
    for (let i = 0; i < 3; i += 1) await gc();
    expect(things().toSorted()).toEqual([task.thing.uri, item.thing.uri].toSorted());
  });

  it('when an item took it from memory, condemned as it was', async () => {
    await make('taken', { record: 'runs/dag/2026-01-01/0' });
    for (const key of lake.objects.keys()) if (key.startsWith('runs/')) lake.objects.delete(key);
    await gc();
    const { thing } = await make('taken', { item: 7 });
    for (let i = 0; i < 3; i += 1) await gc();
    expect(things()).toEqual([thing.uri]);
  });

  it('when it is in a list of items that other lists will take up', async () => {
    const { thing } = await make('listed', { item: 0, record: 'runs/other/2026-01-01/1' });
    for (const key of lake.objects.keys()) if (key.startsWith('runs/')) lake.objects.delete(key);
    await gatherItems(store, 'runs/dag/2026-01-01/1', { task: 'map', values: [{ thing }], parts: [], store: true });
    for (let i = 0; i < 3; i += 1) await gc();
    expect(things()).toEqual([thing.uri]);
    expect([...lake.objects.keys()].filter((key) => key.startsWith('artifacts/list/'))).toHaveLength(1);
  });

  it('when an operator gave it as the output of a task', async () => {
    const { thing } = await make('given');
    for (const key of lake.objects.keys()) if (key.startsWith('runs/')) lake.objects.delete(key);
    const given = { activity: 'makeThing', ofMap: false, output: thing };
    await checkOutput(store, { makeThing }, given, 'runs/dag/2026-01-01/1');
    for (let i = 0; i < 3; i += 1) await gc();
    expect(things()).toEqual([thing.uri]);
  });

  it('costs one request where nothing is condemned', async () => {
    await gc();
    const { thing } = await make('cheap');
    const counted = new FailingStore(store);
    const sighting = await lastSighting(counted);
    counted.operations.length = 0;
    await keepReferenced(counted, thing, sighting);
    expect(counted.operations).toEqual(['head gc/condemned.json']);
  });

  it('or the attempt fails in a way that another one cures', async () => {
    const { thing } = await make('gone');
    const sighting = await lastSighting(store);
    for (const key of lake.objects.keys()) if (key.startsWith('runs/')) lake.objects.delete(key);
    await gc();
    await gc();
    await expect(keepReferenced(store, thing, sighting)).rejects.toThrow(BeingRemoved);
    expect((await make('gone')).thing).toEqual(thing);
    expect(things()).toEqual([thing.uri]);
  });
});
