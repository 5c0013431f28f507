import { expect, it } from 'vitest';
import { PermanentError } from '../../dag/permanent-error.js';
import type { RunAction } from '../../dag/run-control.js';
import { wholePlan } from '../../dag/run-plan.js';
import type { TaskStateName } from '../../dag/run-state.js';
import { mapDag, numbersDag, patientDag, publishDag } from './contract-dags.js';
import { beating, counted, gate, numbers, pause, statesOf, untilStopped } from './contract-run.js';
import type { Behaviour, StartContractRun, StartedContractRun } from './contract-run.js';

const eva = { who: 'Eva', why: 'the source is repaired' };
const holdNumbers = { ...wholePlan(numbersDag), hold: true };

const until = async (run: StartedContractRun, task: string, state: TaskStateName): Promise<void> =>
  expect.poll(async () => statesOf(await run.state())[task], { timeout: 30_000, interval: 20 }).toBe(state);

/** What operators can do to a run, whoever runs the DAG. */
export function controlContract(start: StartContractRun): void {
  it('starts nothing more while it is paused, lets what runs end, and goes on after', async () => {
    const readMayEnd = gate();
    const { behaviour, attempts } = counted({
      ...numbers,
      read: async (input) => {
        await readMayEnd.opened;
        return numbers.read(input);
      },
    });
    const run = await start(numbersDag, { start: 5 }, behaviour);
    await until(run, 'aside', 'success');
    expect(await run.act({ do: 'pause' }, eva)).toBeUndefined();
    readMayEnd.open();
    await until(run, 'read', 'success');
    await pause(200);
    const paused = await run.state();
    expect(paused.paused).toBe(true);
    expect(statesOf(paused)).toMatchObject({ double: 'waiting', triple: 'waiting', sum: 'waiting' });
    expect(attempts).toEqual({ read: 1, aside: 1 });
    expect(await run.act({ do: 'resume' }, eva)).toBeUndefined();
    const { outputs, state } = await run.ended;
    expect(outputs).toEqual({ sum: 125, aside: 'aside of 5' });
    expect(state.paused).toBe(false);
  });

  it('starts no more items of a map while it is paused', async () => {
    const { behaviour, attempts } = counted({
      list: async () => Array.from({ length: 9 }, (_, i) => `w${i}`),
      shout: async ({ word }, context) => {
        await beating(context, pause(300));
        return word;
      },
      join: async ({ words }) => words.join(' '),
    });
    const run = await start(mapDag, { start: 1 }, behaviour);
    await until(run, 'shout', 'running');
    await run.act({ do: 'pause' }, eva);
    const items = async (state: string): Promise<number> =>
      ((await run.state()).tasks['shout']?.items ?? []).filter((item) => item.state === state).length;
    await expect.poll(async () => items('running'), { timeout: 30_000 }).toBe(0);
    const begun = attempts['shout'] ?? 0;
    expect(begun).toBeLessThan(9);
    await pause(500);
    expect(attempts['shout'] ?? 0).toBe(begun);
    await run.act({ do: 'resume' }, eva);
    expect((await run.ended).outputs['joined']).toBe('w0 w1 w2 w3 w4 w5 w6 w7 w8');
  });

  it('holds a failed task where it was asked to, and goes on with it when it is tried again', async () => {
    let broken = true;
    const run = await start(
      numbersDag,
      { start: 5 },
      {
        ...numbers,
        triple: async (input) => {
          if (broken) throw new PermanentError('no column');
          return numbers.triple(input);
        },
      },
      holdNumbers,
    );
    await until(run, 'triple', 'held');
    await until(run, 'double', 'success');
    const held = await run.state();
    expect(held.tasks['triple']?.error).toEqual({ type: 'PermanentError', message: 'no column' });
    expect(statesOf(held)['sum']).toBe('waiting');
    broken = false;
    expect(await run.act({ do: 'retry', task: 'triple' }, eva)).toBeUndefined();
    const { outcome, outputs, state } = await run.ended;
    expect(outcome).toBe('success');
    expect(outputs['sum']).toBe(125);
    expect(state.tasks['triple']).not.toHaveProperty('error');
    expect(state.audit).toEqual([{ at: expect.any(Number), ...eva, action: 'retry triple' }]);
  });

  const failing: Behaviour = { ...numbers, triple: async () => Promise.reject(new PermanentError('no column')) };

  it.each<[string, RunAction, { [task: string]: TaskStateName }, string]>([
    ['skipped', { do: 'skip', task: 'triple' }, { triple: 'skipped', sum: 'skipped' }, 'success'],
    [
      'counted as a success with another output',
      { do: 'succeed', task: 'triple', output: 1 },
      { triple: 'success', sum: 'success' },
      'success',
    ],
    ['released', { do: 'release' }, { triple: 'failed', sum: 'upstream_failed' }, 'failed'],
    ['cancelled with its run', { do: 'cancel' }, { triple: 'cancelled', sum: 'cancelled' }, 'cancelled'],
  ])('lets a held task be %s', async (_, action, states, outcome) => {
    const run = await start(numbersDag, { start: 5 }, failing, holdNumbers);
    await until(run, 'triple', 'held');
    await until(run, 'double', 'success');
    await until(run, 'aside', 'success');
    expect(await run.act(action, eva)).toBeUndefined();
    const end = await run.ended;
    expect(end.outcome).toBe(outcome);
    expect(statesOf(end.state)).toMatchObject({ ...states, double: 'success' });
    const said = 'task' in action ? `${action.do} ${action.task}` : action.do;
    expect(end.state.audit).toEqual([{ at: expect.any(Number), ...eva, action: said }]);
    if (action.do === 'succeed') {
      expect(end.outputs['sum']).toBe(111);
      expect(end.state.tasks['triple']?.note).toBe('marked by Eva: the source is repaired');
    }
  });

  it('stops what a cancelled run has at work, and remembers who cancelled it and why', async () => {
    const { behaviour, atWork, attempts } = counted({
      aside: async () => 'quick',
      patient: async (_, context) => untilStopped(context),
      after: async ({ before }) => before,
    });
    const run = await start(patientDag, { start: 1 }, behaviour);
    await expect.poll(() => attempts['patient'], { timeout: 30_000 }).toBe(1);
    await until(run, 'aside', 'success');
    expect(await run.act({ do: 'cancel' }, eva)).toBeUndefined();
    const { outcome, state } = await run.ended;
    expect(outcome).toBe('cancelled');
    expect(atWork()).toBe(0);
    expect(statesOf(state)).toEqual({ patient: 'cancelled', after: 'cancelled', aside: 'success' });
    expect(state.audit).toEqual([{ at: expect.any(Number), ...eva, action: 'cancel' }]);
  });

  it('stops a running task that is skipped, and skips what needs it, while the rest goes on', async () => {
    const asideMayEnd = gate();
    const { behaviour, atWork, attempts } = counted({
      aside: async () => {
        await asideMayEnd.opened;
        return 'in its own time';
      },
      patient: async (_, context) => untilStopped(context),
      after: async ({ before }) => before,
    });
    const run = await start(patientDag, { start: 1 }, behaviour);
    await expect.poll(() => attempts['patient'], { timeout: 30_000 }).toBe(1);
    expect(await run.act({ do: 'skip', task: 'patient' }, eva)).toBeUndefined();
    await until(run, 'after', 'skipped');
    asideMayEnd.open();
    const { outcome, state, outputs } = await run.ended;
    expect(outcome).toBe('success');
    expect(outputs).toEqual({ aside: 'in its own time' });
    expect(state.tasks['patient']).toMatchObject({ state: 'skipped', note: 'skipped by Eva: the source is repaired' });
    expect(atWork()).toBe(0);
  });

  it('skips a task that has not begun yet', async () => {
    const readMayEnd = gate();
    const { behaviour, attempts } = counted({
      ...numbers,
      read: async (input) => {
        await readMayEnd.opened;
        return numbers.read(input);
      },
    });
    const run = await start(numbersDag, { start: 5 }, behaviour);
    await until(run, 'read', 'running');
    await run.act({ do: 'skip', task: 'double' }, eva);
    readMayEnd.open();
    const { state } = await run.ended;
    expect(statesOf(state)).toEqual({
      read: 'success',
      double: 'skipped',
      triple: 'success',
      sum: 'skipped',
      aside: 'success',
    });
    expect(attempts).not.toHaveProperty('double');
  });

  it('refuses what does not fit how the run stands, says why, and changes nothing by it', async () => {
    const run = await start(numbersDag, { start: 5 }, failing, holdNumbers);
    await until(run, 'triple', 'held');
    await until(run, 'double', 'success');
    await until(run, 'aside', 'success');
    const before = await run.state();
    const refused: readonly [RunAction, string][] = [
      [{ do: 'resume' }, 'it is not paused'],
      [{ do: 'retry', task: 'double' }, 'double has ended already: success'],
      [{ do: 'retry', task: 'sum' }, 'sum is not held: it is waiting'],
      [{ do: 'skip', task: 'read' }, 'read has ended already: success'],
      [{ do: 'skip', task: 'tripple' }, "it has no task 'tripple': expected one of read, double, triple, sum, aside"],
    ];
    for (const [action, why] of refused) expect(await run.act(action, eva)).toBe(why);
    expect(await run.state()).toEqual(before);
    await run.act({ do: 'pause' }, eva);
    expect(await run.act({ do: 'pause' }, eva)).toBe('it is paused already');
    await run.act({ do: 'release' }, eva);
    expect((await run.ended).state.audit.map(({ action }) => action)).toEqual(['pause', 'release']);
  });

  it('does not take an output that is said of a task which publishes', async () => {
    const run = await start(
      publishDag,
      { start: 5 },
      { ...numbers, write: async () => Promise.reject(new PermanentError('denied')) },
      { ...wholePlan(publishDag), hold: true },
    );
    await until(run, 'write', 'held');
    expect(await run.act({ do: 'succeed', task: 'write', output: 'written' }, eva)).toBe(
      'write publishes: what others read has to be made, it cannot be said',
    );
    await run.act({ do: 'skip', task: 'write' }, eva);
    expect((await run.ended).state.tasks['write']?.state).toBe('skipped');
  });
}
