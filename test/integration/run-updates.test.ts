// What operators' updates are on Temporal, beyond what the contract of executors says of them.
import { createHash } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { artifactSchema } from '../../activities/artifact-schema.js';
import type { Artifact } from '../../dag/artifact.js';
import { PermanentError } from '../../dag/permanent-error.js';
import type { RunAction } from '../../dag/run-control.js';
import { wholePlan } from '../../dag/run-plan.js';
import type { TaskStateName } from '../../dag/run-state.js';
import { progressQuery } from '../../workflows/run-dag.js';
import { numbersDag, patientDag } from '../contract/contract-dags.js';
import { numbers, statesOf, untilStopped } from '../contract/contract-run.js';
import { actOn, settled, startContractWorker } from '../support/contract-worker.js';
import type { ContractWorker } from '../support/contract-worker.js';
import { eventsOf } from '../support/run-history.js';

let worker: ContractWorker;
let tripleCalls = 0;
let summed: unknown;

beforeAll(async () => {
  worker = await startContractWorker({
    address: inject('temporalAddress'),
    definitions: {
      triple: {
        version: 1,
        cache: 'by-content',
        output: artifactSchema('rows'),
        run: async () => {
          tripleCalls += 1;
          throw new PermanentError('no column');
        },
      },
      // Says nothing of its output's type.
      double: { version: 1, cache: 'never', run: async () => Promise.reject(new PermanentError('no column either')) },
    },
  });
});

afterAll(() => worker.close());

const held = { plan: { ...wholePlan(numbersDag), hold: true } };

async function startHeld(): Promise<WorkflowHandle> {
  worker.behave({
    ...numbers,
    sum: async (input) => {
      summed = input;
      return 1;
    },
  });
  const handle = await worker.start(numbersDag, { start: 1 }, held);
  const states = async () => statesOf(await handle.query(progressQuery));
  await expect
    .poll(states, { timeout: 30_000 })
    .toMatchObject({ triple: 'held', double: 'held', aside: 'success' } satisfies { [task: string]: TaskStateName });
  return handle;
}

async function put(text: string): Promise<Artifact<'rows'>> {
  const sha256 = createHash('sha256').update(text).digest('hex');
  const uri = `artifacts/rows/${sha256}.json`;
  await worker.store.write(uri, text);
  return { kind: 'rows', uri, sha256, bytes: Buffer.byteLength(text), rows: 1, schema: [] };
}

const succeed = (output: unknown): RunAction => ({ do: 'succeed', task: 'triple', output });

describe('an update that is refused', () => {
  it('adds nothing to the history of the run', async () => {
    const handle = await startHeld();
    const before = (await eventsOf(handle)).length;
    const refused: readonly RunAction[] = [
      { do: 'resume' },
      { do: 'retry', task: 'read' },
      { do: 'skip', task: 'no-such-task' },
      { do: 'signal', task: 'sum', value: 1 },
    ];
    for (const action of refused) expect(await actOn(handle, action)).toEqual(expect.any(String));
    expect(await actOn(handle, { do: 'pause' }, { who: ' ', why: '' })).toMatch(/who, why.*who: .*why: /);
    await expect(handle.executeUpdate('retry', { args: [] })).rejects.toThrow();
    await expect(
      handle.executeUpdate('retry', { args: [{ who: 'Eva', why: 'x', tasks: 'double' }] }),
    ).rejects.toThrow();
    expect(await eventsOf(handle)).toHaveLength(before);
    await handle.terminate();
  });
});

describe('succeed', () => {
  it('takes an artifact that is in the lake, and hands it on; no later run finds it remembered', async () => {
    const handle = await startHeld();
    const artifact = await put('[1]');
    expect(await actOn(handle, succeed(artifact))).toBeUndefined();
    expect(await actOn(handle, { do: 'skip', task: 'double' })).toBeUndefined();
    const { state } = await settled(handle);
    expect(statesOf(state)).toMatchObject({ triple: 'success', double: 'skipped', sum: 'skipped' });
    const calls = tripleCalls;
    const again = await worker.start(numbersDag, { start: 1 }, held);
    const triple = async () => statesOf(await again.query(progressQuery))['triple'];
    await expect.poll(triple, { timeout: 30_000 }).toBe('held');
    expect(tripleCalls).toBe(calls + 1);
    await again.terminate();
  });

  it('refuses one that is missing, damaged, of another kind, or no artifact at all; the task stays held', async () => {
    const handle = await startHeld();
    const artifact = await put('[2]');
    const sha256 = createHash('sha256').update('other').digest('hex');
    const missing = { ...artifact, sha256, uri: `artifacts/rows/${sha256}.json` };
    const damaged = await put('[3]');
    await worker.store.write(damaged.uri, '[4]');
    const other = { ...artifact, kind: 'matrix' };
    const refusals = await Promise.all(
      [missing, damaged, other, 7].map(async (output) => actOn(handle, succeed(output))),
    );
    expect(refusals).toEqual([
      expect.stringContaining(`Expected an object with the SHA-256 ${sha256}`),
      expect.stringContaining(`Expected an object with the SHA-256 ${damaged.sha256}`),
      expect.stringContaining('Expected an output of triple: kind: '),
      expect.stringContaining('Expected an output of triple: '),
    ]);
    expect(await actOn(handle, { do: 'succeed', task: 'double', output: 2 })).toContain(
      'Expected double to declare the type of its output',
    );
    const state = await handle.query(progressQuery);
    expect(statesOf(state)).toMatchObject({ triple: 'held', double: 'held' });
    expect(state.audit).toEqual([]);
    // The right one is still taken.
    expect(await actOn(handle, succeed(artifact))).toBeUndefined();
    await actOn(handle, { do: 'release' });
    expect((await settled(handle)).outcome).toBe('failed');
    expect(summed).toBeUndefined();
  });
});

describe('a run that an operator cancelled', () => {
  it('is a cancelled one to Temporal, too', async () => {
    worker.behave({ aside: async () => 'x', patient: async (_, context) => untilStopped(context) });
    const handle = await worker.start(patientDag, { start: 1 });
    const patient = async () => statesOf(await handle.query(progressQuery))['patient'];
    await expect.poll(patient, { timeout: 30_000 }).toBe('running');
    expect(await actOn(handle, { do: 'cancel' })).toBeUndefined();
    expect((await settled(handle)).outcome).toBe('cancelled');
    expect((await handle.describe()).status.name).toBe('CANCELLED');
  });
});
