import { describe, expect, it } from 'vitest';
import { PermanentError } from '../../dag/permanent-error.js';
import { tasksIn } from '../../dag/run-state.js';
import { controlContract } from './control-contract.js';
import { lateDag, numbersDag, patientDag } from './contract-dags.js';
import { counted, numbers, runToEnd, untilStopped } from './contract-run.js';
import type { StartContractRun } from './contract-run.js';
import { mapContract } from './map-contract.js';
import { planContract } from './plan-contract.js';
import { triggerContract } from './trigger-contract.js';
import { waitContract } from './wait-contract.js';

class NoSuchColumn extends PermanentError {
  override readonly name = 'NoSuchColumn';
}

/** What every executor of DAGs does. */
export function executorContract(name: string, start: StartContractRun): void {
  const run = runToEnd(start);

  describe(`executor: ${name}`, () => {
    it('passes outputs, fields of outputs, parameters and constants along, and gives the outputs of the DAG', async () => {
      const seen: { [task: string]: unknown } = {};
      const { state, outputs, outcome, headline } = await run(numbersDag, {
        ...numbers,
        double: async (input) => {
          seen['double'] = input;
          return numbers.double(input);
        },
        sum: async (input) => {
          seen['sum'] = input;
          return numbers.sum(input);
        },
      });
      expect(outcome).toBe('success');
      expect(headline).toBeUndefined();
      expect(outputs).toEqual({ sum: 125, aside: 'aside of 5' });
      expect(seen['double']).toEqual({ value: 5 });
      expect(seen['sum']).toEqual({ double: 10, triple: 15, whole: { value: 5, label: 'from here' }, bonus: 100 });
      expect(Object.keys(state.tasks)).toEqual(['read', 'double', 'triple', 'sum', 'aside']);
      for (const task of Object.values(state.tasks)) {
        expect(task).toMatchObject({ state: 'success', cached: false });
        expect(task.endedAt).toBeGreaterThanOrEqual(task.startedAt ?? Number.POSITIVE_INFINITY);
      }
    });

    it('starts a task as soon as its inputs are there: a slow branch holds no fast one', async () => {
      let fastIsThrough = (): void => {};
      const fast = new Promise<void>((resolve) => (fastIsThrough = resolve));
      const { outcome } = await run(numbersDag, {
        ...numbers,
        // It would never end if the other branch, of three tasks, had to wait for it.
        aside: async () => {
          await fast;
          return 'last';
        },
        sum: async (input) => {
          fastIsThrough();
          return numbers.sum(input);
        },
      });
      expect(outcome).toBe('success');
    });

    it('finishes what does not depend on a failed task, also what starts later, and then fails by its name', async () => {
      let tripleFailed = (): void => {};
      const failed = new Promise<void>((resolve) => (tripleFailed = resolve));
      const { behaviour, attempts, atWork } = counted({
        ...numbers,
        triple: async () => {
          setTimeout(tripleFailed, 50);
          throw new NoSuchColumn("ventas.csv: Expected a column 'monto', got 'importe'");
        },
        aside: async () => {
          await failed;
          return 'finished';
        },
      });
      const { state, outputs, outcome, headline } = await run(numbersDag, behaviour);
      expect(outcome).toBe('failed');
      expect(tasksIn(state, 'success')).toEqual(['read', 'double', 'aside']);
      expect(tasksIn(state, 'failed')).toEqual(['triple']);
      expect(tasksIn(state, 'upstream_failed')).toEqual(['sum']);
      expect(state.tasks['triple']?.error).toEqual({
        type: 'NoSuchColumn',
        message: "ventas.csv: Expected a column 'monto', got 'importe'",
      });
      expect(headline).toBe("triple failed: NoSuchColumn: ventas.csv: Expected a column 'monto', got 'importe'");
      expect(outputs).not.toHaveProperty('sum');
      expect(attempts).not.toHaveProperty('sum');
      expect(atWork()).toBe(0);
    });

    it('tries a task again after failures of the outside world', async () => {
      const { behaviour, attempts } = counted({
        ...numbers,
        read: async ({ start }, { attempt }) => {
          if (attempt < 3) throw new Error('the network is away');
          return { value: start, label: `attempt ${attempt}` };
        },
      });
      const { outcome, state } = await run(numbersDag, behaviour);
      expect(outcome).toBe('success');
      expect(attempts).toEqual({ read: 3, double: 1, triple: 1, sum: 1, aside: 1 });
      expect(state.tasks['read']).not.toHaveProperty('error');
    });

    it('gives up after the retries that the task has, with its last error', async () => {
      const { behaviour, attempts } = counted({
        ...numbers,
        double: async (_, { attempt }) => {
          throw new Error(`attempt ${attempt} found the network away`);
        },
        triple: async () => {
          throw new TypeError('no retries here');
        },
      });
      const { headline, state } = await run(numbersDag, behaviour);
      expect(attempts).toEqual({ read: 1, double: 2, triple: 1, aside: 1 });
      expect(state.tasks['double']?.error).toEqual({ type: 'Error', message: 'attempt 2 found the network away' });
      expect(state.tasks['triple']?.error).toEqual({ type: 'TypeError', message: 'no retries here' });
      expect(headline).toBe('double failed: Error: attempt 2 found the network away (failed too: triple)');
    });

    it.each([
      ['a permanent error', new NoSuchColumn('it will not come'), 'NoSuchColumn'],
      [
        'an argument out of range, as kernels report it',
        new RangeError('Expected k to be 1..rows, got 0'),
        'RangeError',
      ],
    ])('does not try again after %s', async (_, error, type) => {
      const { behaviour, attempts } = counted({ ...numbers, read: async () => Promise.reject(error) });
      const { state } = await run(numbersDag, behaviour);
      expect(attempts).toEqual({ read: 1, aside: 1 });
      expect(state.tasks['read']?.error).toEqual({ type, message: error.message });
      expect(tasksIn(state, 'upstream_failed')).toEqual(['double', 'triple', 'sum']);
    });

    it('ends an attempt that takes longer than its task may, and tries it again', async () => {
      const { behaviour, attempts } = counted({
        late: async ({ start }, context) => (context.attempt === 1 ? untilStopped(context) : start),
        after: async ({ before }) => before + 1,
      });
      const { outcome, outputs } = await run(lateDag, behaviour);
      expect(outcome).toBe('success');
      expect(outputs).toEqual({ after: 6 });
      expect(attempts).toEqual({ late: 2, after: 1 });
    });

    it('fails a task whose every attempt is late, and says how long it had', async () => {
      const { behaviour, attempts } = counted({ late: async (_, context) => untilStopped(context) });
      const { headline } = await run(lateDag, behaviour);
      expect(headline).toBe('late failed: Timeout: Expected late to end within 1 second');
      expect(attempts).toEqual({ late: 2 });
    });

    it('stops a cancelled run: what is at work is told and waited for, nothing more starts', async () => {
      let begin = (): void => {};
      const begun = new Promise<void>((resolve) => (begin = resolve));
      const { behaviour, attempts, atWork } = counted({
        aside: async () => 'quick',
        patient: async (_, context) => {
          begin();
          return untilStopped(context);
        },
        after: async ({ before }) => before,
      });
      const { ended, cancel } = await start(patientDag, { start: 1 }, behaviour);
      await begun;
      await cancel();
      const { outcome, state, outputs } = await ended;
      expect(outcome).toBe('cancelled');
      expect(atWork()).toBe(0);
      expect(attempts).toMatchObject({ patient: 1 });
      expect(attempts).not.toHaveProperty('after');
      expect(tasksIn(state, 'cancelled')).toEqual(expect.arrayContaining(['patient', 'after']));
      expect(tasksIn(state, 'running', 'waiting', 'failed', 'upstream_failed')).toEqual([]);
      expect(outputs).not.toHaveProperty('after');
    });
  });

  describe(`executor: ${name}: trigger rules and checks`, () => triggerContract(start));
  describe(`executor: ${name}: maps and pools`, () => mapContract(start));
  describe(`executor: ${name}: sensors and signals`, () => waitContract(start));
  describe(`executor: ${name}: run control`, () => controlContract(start));
  describe(`executor: ${name}: plans`, () => planContract(start));
}
