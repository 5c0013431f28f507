import { expect, it } from 'vitest';
import { PermanentError } from '../../dag/permanent-error.js';
import { lateSignalsDag, sensorsDag, signalDag } from './contract-dags.js';
import { counted, gate, runToEnd, statesOf } from './contract-run.js';
import type { StartContractRun } from './contract-run.js';

/** What sensors and signals do, whoever runs the DAG. */
export function waitContract(start: StartContractRun): void {
  const run = runToEnd(start);

  it('looks again until what a sensor waits for is there; what is late fails, or is skipped where its author says so', async () => {
    const { behaviour, attempts } = counted({
      look: async ({ for: what }, { attempt }) => {
        if (what === 'arrival' && attempt === 4) return 'it is there';
        throw new Error(`no ${what} yet`);
      },
    });
    const { state, outcome, headline } = await run(sensorsDag, behaviour);
    expect(statesOf(state)).toEqual({ arrival: 'success', missed: 'failed', optional: 'skipped' });
    expect(state.tasks['arrival']?.attempts).toBe(4);
    expect(state.tasks['missed']?.error).toEqual({
      type: 'Late',
      message: 'Expected what missed waits for within 1 second: no missed yet',
    });
    expect(state.tasks['optional']?.note).toBe('Expected what optional waits for within 1 second: no optional yet');
    expect(outcome).toBe('failed');
    expect(headline).toBe('missed failed: Late: Expected what missed waits for within 1 second: no missed yet');
    // The late ones looked once at least; whether there was time for more is the machine's affair.
    expect(attempts['look']).toBeGreaterThanOrEqual(4 + 1 + 1);
  });

  it('shows a sensor as deferred while it waits, and ends it at once where it can never come', async () => {
    const found = gate();
    const started = await start(
      sensorsDag,
      { start: 1 },
      {
        look: async ({ for: what }) => {
          if (what !== 'arrival') throw new PermanentError(`never any ${what}`);
          await found.opened;
          return 'it is there';
        },
      },
    );
    await expect
      .poll(async () => statesOf(await started.state()), { timeout: 30_000 })
      .toEqual({ arrival: 'deferred', missed: 'failed', optional: 'failed' });
    found.open();
    const { state } = await started.ended;
    expect(state.tasks['arrival']?.state).toBe('success');
    expect(state.tasks['optional']?.error).toEqual({ type: 'PermanentError', message: 'never any optional' });
  });

  it('waits for a signal, holding nothing, and hands its value on', async () => {
    const started = await start(signalDag, { start: 1 }, { aside: async () => 'x', told: async ({ by }) => by.by });
    await expect.poll(async () => statesOf(await started.state())['approval'], { timeout: 30_000 }).toBe('deferred');
    expect(await started.act({ do: 'signal', task: 'approval', value: { by: 'Ana' } })).toBeUndefined();
    const { outputs, state } = await started.ended;
    expect(outputs).toEqual({ told: 'Ana' });
    expect(state.tasks['approval']).toMatchObject({ state: 'success', note: 'received' });
  });

  it('keeps a signal that comes before its task begins', async () => {
    const asideMayEnd = gate();
    const started = await start(
      signalDag,
      { start: 1 },
      {
        aside: async () => {
          await asideMayEnd.opened;
          return 'x';
        },
        told: async ({ by }) => by.by,
      },
    );
    await expect.poll(async () => statesOf(await started.state())['aside'], { timeout: 30_000 }).toBe('running');
    expect(await started.act({ do: 'signal', task: 'approval', value: { by: 'Ana' } })).toBeUndefined();
    expect(statesOf(await started.state())['approval']).toBe('waiting');
    asideMayEnd.open();
    expect((await started.ended).outputs).toEqual({ told: 'Ana' });
  });

  it('refuses a value that a signal does not take, and a signal for a task that waits for none', async () => {
    const started = await start(signalDag, { start: 1 }, { aside: async () => 'x', told: async ({ by }) => by.by });
    await expect.poll(async () => statesOf(await started.state())['approval'], { timeout: 30_000 }).toBe('deferred');
    const before = await started.state();
    const wrong = await started.act({ do: 'signal', task: 'approval', value: { by: 7 } });
    expect(wrong).toContain('approval does not take this value');
    expect(wrong).toContain('by');
    expect(await started.act({ do: 'signal', task: 'told', value: 1 })).toBe('told does not wait for a signal');
    expect(await started.state()).toEqual(before);
    await started.act({ do: 'signal', task: 'approval', value: { by: 'Eva' } });
    expect((await started.ended).outputs).toEqual({ told: 'Eva' });
  });

  it('fails a signal that does not come in time, or skips it where its author says so', async () => {
    const { state, headline } = await run(lateSignalsDag, {});
    expect(statesOf(state)).toEqual({ answer: 'failed', hint: 'skipped' });
    expect(headline).toBe('answer failed: Late: Expected a signal for answer within 1 second, got none');
    expect(state.tasks['hint']?.note).toBe('Expected a signal for hint within 1 second, got none');
  });
}
