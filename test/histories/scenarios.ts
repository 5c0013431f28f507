import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Dag } from '../../dag/dag.js';
import { PermanentError } from '../../dag/permanent-error.js';
import type { PlanRequest, ReusedRun } from '../../dag/run-plan.js';
import type { TaskState } from '../../dag/run-state.js';
import type { OperatorRequest, UpdateName } from '../../workflows/operator-updates.js';
import type { Works } from './history-activities.js';
import { dueDag, mapsDag, poolsDag, stepsDag, waitsDag } from './history-dags.js';

/** A run that is being recorded, as its scenario sees it. */
export interface Recorded {
  readonly handle: WorkflowHandle;
  /** Resolves once the task is in that state. */
  until(task: string, state: TaskState['state']): Promise<void>;
  act(name: UpdateName, request?: Pick<OperatorRequest, 'task' | 'value' | 'output'>): Promise<void>;
}

/** One run whose history is kept, as `shapes/<name>.json`. */
export interface Scenario {
  readonly name: string;
  readonly dag: Dag;
  params?(): { readonly [name: string]: unknown };
  readonly plan?: Omit<PlanRequest, 'reuse'>;
  /** Takes results from the run of this scenario, which comes before it. */
  readonly reuses?: { readonly scenario: string; readonly succeeded: ReusedRun['succeeded'] };
  readonly works?: Works;
  meanwhile?(run: Recorded): Promise<void>;
  readonly ends: 'COMPLETED' | 'FAILED' | 'CANCELLED';
  /** Workflows that it starts and whose histories are kept too: their ids, by file. */
  others?(run: { readonly id: string; readonly runId: string }): { readonly [name: string]: string };
}

class NoSuchColumn extends PermanentError {
  override readonly name = 'NoSuchColumn';
}

const fail = (): never => {
  throw new NoSuchColumn("Expected a column 'monto', got 'importe'");
};

/** Fails for good, but not when it is tried again by hand. */
const failsOnce = async (_input: unknown, { attempt }: { readonly attempt: number }): Promise<number> =>
  attempt === 1 ? fail() : 6;

/** Goes on until it is told to stop. */
async function stuck(
  _input: unknown,
  { signal, beat }: { readonly signal: AbortSignal; beat(): void },
): Promise<never> {
  for (;;) {
    beat();
    await sleep(200, undefined, { signal });
  }
}

const HOLD = { hold: true };
const LONG_AGO = '2026-01-05';

/** Every shape of a run that a deploy may find in flight. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'success', dag: stepsDag, ends: 'COMPLETED' },
  {
    name: 'failed-task',
    dag: stepsDag,
    works: {
      second: async (_, { attempt }) => {
        throw new Error(`attempt ${attempt} found the network away`);
      },
      third: failsOnce,
    },
    ends: 'FAILED',
    others: ({ id, runId }) => ({ callbacks: `${id}/${runId}/callbacks-failure` }),
  },
  {
    name: 'pinned-plan',
    dag: stepsDag,
    plan: { select: new Set(['second', 'last']) },
    reuses: { scenario: 'success', succeeded: new Set(['first', 'third', 'enough']) },
    ends: 'COMPLETED',
  },
  {
    name: 'hold-and-retry',
    dag: stepsDag,
    plan: HOLD,
    works: { third: failsOnce },
    meanwhile: async ({ until, act }) => {
      await until('third', 'held');
      await act('retry', { task: 'third' });
    },
    ends: 'COMPLETED',
  },
  {
    name: 'hold-and-release',
    dag: stepsDag,
    plan: HOLD,
    works: { third: failsOnce },
    meanwhile: async ({ until, act }) => {
      await until('third', 'held');
      await act('release');
    },
    ends: 'FAILED',
  },
  {
    name: 'operator-succeeds',
    dag: stepsDag,
    plan: HOLD,
    works: { second: failsOnce },
    meanwhile: async ({ until, act }) => {
      await until('second', 'held');
      await act('succeed', { task: 'second', output: 10 });
    },
    ends: 'COMPLETED',
  },
  {
    name: 'operator-skips',
    dag: stepsDag,
    works: { third: stuck },
    meanwhile: async ({ until, act }) => {
      await until('third', 'running');
      await until('second', 'success');
      await act('skip', { task: 'third' });
    },
    ends: 'COMPLETED',
  },
  {
    name: 'pause-and-resume',
    dag: stepsDag,
    works: { first: async ({ count }) => sleep(1_500, { value: count }) },
    meanwhile: async ({ until, act }) => {
      await act('pause');
      await until('first', 'success');
      await act('resume');
    },
    ends: 'COMPLETED',
  },
  {
    name: 'cancelled',
    dag: stepsDag,
    works: { third: stuck },
    meanwhile: async ({ handle, until }) => {
      await until('third', 'running');
      await until('second', 'success');
      await handle.cancel();
    },
    ends: 'CANCELLED',
  },
  {
    name: 'operator-cancels',
    dag: stepsDag,
    works: { third: stuck },
    meanwhile: async ({ until, act }) => {
      await until('third', 'running');
      await act('cancel');
    },
    // The run asks the server to cancel it.
    ends: 'CANCELLED',
  },
  { name: 'map-in-place', dag: mapsDag, ends: 'COMPLETED' },
  {
    name: 'map-hold-and-retry',
    dag: mapsDag,
    plan: HOLD,
    // The third item fails, and is the only one that is tried again.
    works: { double: async ({ value }, { attempt }) => (value === 2 && attempt <= 5 ? fail() : value * 2) },
    meanwhile: async ({ until, act }) => {
      await until('double', 'held');
      await act('retry', { task: 'double' });
    },
    ends: 'COMPLETED',
  },
  {
    name: 'map-with-children',
    dag: mapsDag,
    // Two children: one of 250 items, and a small one, whose history is kept too.
    params: () => ({ count: 301 }),
    ends: 'COMPLETED',
    others: ({ id }) => ({ 'map-child': `${id}/double/250-300` }),
  },
  {
    name: 'sensor-and-signal',
    dag: waitsDag,
    works: {
      look: async ({ count }, { attempt }) => (attempt === 1 ? { notYet: 'nothing there' } : { value: count }),
    },
    meanwhile: async ({ until, act }) => {
      await until('approval', 'deferred');
      await act('signal', { task: 'approval', value: { by: 'ana' } });
    },
    ends: 'COMPLETED',
  },
  { name: 'signal-late', dag: waitsDag, ends: 'COMPLETED' },
  { name: 'sensor-late', dag: waitsDag, works: { look: async () => ({ notYet: 'nothing there' }) }, ends: 'FAILED' },
  // The start of the date and the deadline are long over.
  {
    name: 'deadline-over',
    dag: dueDag,
    params: () => ({ fecha: LONG_AGO }),
    ends: 'COMPLETED',
  },
  { name: 'deadline-kept', dag: dueDag, params: () => ({ fecha: '2126-01-05' }), ends: 'COMPLETED' },
  {
    name: 'deadline-missed',
    dag: dueDag,
    params: () => ({ fecha: LONG_AGO, seconds: Math.ceil((Date.now() - Date.parse(LONG_AGO)) / 1_000) + 4 }),
    works: { first: async ({ count }) => sleep(6_000, { value: count }) },
    ends: 'COMPLETED',
  },
  {
    name: 'pooled',
    dag: poolsDag,
    // Longer than the pool waits before it looks whether the holder of its slot is still there.
    works: { press: async () => sleep(11_000, 1), squeeze: async () => sleep(11_000, 2) },
    ends: 'COMPLETED',
    others: () => ({ pool: 'pool:histories/presses' }),
  },
];
