import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  integer,
  oneof,
  option,
  record,
  scheduler,
} from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Artifact } from '../../../../dag/artifact.js';
import { putArtifact } from '../../../../lake/artifact-store.js';
import { collectGarbage } from '../../../../lake/gc/collect-garbage.js';
import { GcBusy } from '../../../../lake/gc/gc-lease.js';
import { BeingRemoved, keepReferenced, lastSighting } from '../../../../lake/keep-objects.js';
import type { ObjectStore } from '../../../../lake/object-store.js';
import { recallResult, rememberResult } from '../../../../lake/result-cache.js';
import { writeTaskRecord } from '../../../../lake/run-records.js';
import { FailingStore, StoreDied } from '../../../support/failing-store.js';
import { MemoryLake, MemoryStore } from '../../../support/memory-store.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-handshake-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** What tasks make here: the same bytes each time. */
const RESULTS = ['a', 'b', 'c'] as const;
type Result = (typeof RESULTS)[number];
const fileOf = (result: Result): string => join(scratch, `${result}.txt`);
for (const result of RESULTS) await writeFile(fileOf(result), `the bytes of ${result}`);

/** Without any time to rely on: what is older than this very moment is gc's to judge. */
const GC = { tables: [], runsMs: 365 * 86_400_000, graceMs: 0 };

/** One attempt of a task, as `runActivity` makes it; gives the record that names what it used. */
async function attempt(store: ObjectStore, task: string, result: Result): Promise<string> {
  const sighting = await lastSighting(store);
  const known = await recallResult(store, 'task', result);
  const output = known?.output ?? { made: await putArtifact(store, 'thing', fileOf(result), { rows: 1, schema: [] }) };
  if (known === undefined) await rememberResult(store, 'task', result, { output });
  const folder = `runs/dag/2026-01-01/${task}`;
  const [startedAt, endedAt] = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'];
  await writeTaskRecord(store, folder, { task: 'task', output, cached: false, attempts: 1, startedAt, endedAt });
  await keepReferenced(store, output, sighting);
  return `${folder}/tasks/task.json`;
}

/** As a run does it: what gc was first with is tried again. */
async function run(store: ObjectStore, task: string, result: Result): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(store, task, result);
    } catch (error) {
      if (!(error instanceof BeingRemoved) || tries > 1_000) throw error;
    }
  }
}

async function gc(store: ObjectStore): Promise<number> {
  try {
    const { removed } = await collectGarbage(store, GC);
    return removed.filter(({ kind }) => kind === 'artifacts/thing').length;
  } catch (error) {
    if (error instanceof GcBusy || error instanceof StoreDied) return 0;
    throw error;
  }
}

/** A lake in which these were made long ago, and no run names them any more. */
async function lakeWith(old: readonly Result[]): Promise<MemoryLake> {
  const lake = new MemoryLake();
  for (const result of old) await run(new MemoryStore(lake), `old-${result}`, result);
  for (const key of lake.objects.keys()) if (key.startsWith('runs/')) lake.objects.delete(key);
  return lake;
}

function expectWhole(lake: MemoryLake, records: readonly string[]): void {
  for (const key of records) {
    // What `attempt` wrote.
    const { output } = JSON.parse(lake.text(key) ?? '{}') as { output: { made: Artifact } };
    expect(lake.sha256(output.made.uri), `${key} names ${output.made.uri}`).toBe(output.made.sha256);
  }
}

describe('gc beside runs', () => {
  it('loses nothing that a run names, in whatever order their steps come, also where a gc dies', async () => {
    let removals = 0;
    await assert(
      asyncProperty(
        scheduler(),
        record({
          before: integer({ min: 0, max: 2 }),
          gcs: integer({ min: 1, max: 4 }),
          dies: option(integer({ min: 1, max: 60 })),
          runs: array(constantFrom(...RESULTS), { minLength: 1, maxLength: 3 }),
          // A run has fewer steps than a gc: held up before some of them, it meets every step of one.
          delays: array(oneof(constant(0), integer({ min: 0, max: 60 })), { minLength: 1, maxLength: 12 }),
          slow: oneof(constant(0), integer({ min: 0, max: 30 })),
        }),
        async (s, { before, gcs, dies, runs, delays, slow }) => {
          const lake = await lakeWith(['a', 'b']);
          for (let i = 0; i < before; i += 1) removals += await gc(new MemoryStore(lake));
          const idle = async (name: string, turns: number): Promise<void> => {
            for (let i = 0; i < turns; i += 1) await s.schedule(Promise.resolve(), name);
          };
          /** The steps on which all depends may each be long in coming. */
          const collecting = (name: string): ObjectStore =>
            new MemoryStore(lake, async (operation) => {
              const isDecisive = /^(create gc.verdicts|remove artifacts|write gc.(condemned|verdicts))/.test(operation);
              await idle(`${name}: ${operation}`, 1 + (isDecisive ? slow : 0));
            });
          const collector = async (name: string, at?: number): Promise<void> => {
            const store = collecting(name);
            for (let i = 0; i < gcs; i += 1) {
              removals += await gc(i === 0 && at !== undefined ? new FailingStore(store, at) : store);
            }
          };
          const heldUp = (name: string): ObjectStore => {
            let step = 0;
            return new MemoryStore(lake, async (operation) => {
              step += 1;
              await idle(`${name}: ${operation}`, 1 + (delays[step % delays.length] ?? 0));
            });
          };
          const records = runs.map(async (result, i) => {
            const key = await run(heldUp(`run ${i}`), `run-${i}`, result);
            expectWhole(lake, [key]);
            return key;
          });
          // A dead gc holds its lease until that runs out: runs that wait for it go on when another has ended its work.
          const collectors = async (): Promise<void> => {
            await Promise.all([collector('gc 1', dies ?? undefined), collector('gc 2')]);
            lake.now += 3_600_000;
            await collector('later gc');
          };
          const [keys] = await s.waitFor(Promise.all([Promise.all(records), collectors()]));
          for (let i = 0; i < 3; i += 1) {
            expectWhole(lake, keys);
            lake.now += 3_600_000;
            await gc(new MemoryStore(lake));
          }
          expectWhole(lake, keys);
        },
      ),
      { numRuns: 200 },
    );
    // Else they never met, and nothing was shown.
    expect(removals).toBeGreaterThan(20);
  }, 60_000);
});
