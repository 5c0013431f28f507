import type { Dag } from '../../dag/dag.js';
import type { Operator, RunAction } from '../../dag/run-control.js';
import type { RunPlan } from '../../dag/run-plan.js';
import type { RunState, TaskStateName } from '../../dag/run-state.js';
import type { ContractActivities, ContractActivity, ContractParams } from './contract-dags.js';

/** What an attempt of a task works with. */
export interface AttemptContext {
  /** 1 for the first with this input. */
  readonly attempt: number;
  readonly signal: AbortSignal;
  /** Says that it is alive. */
  beat(): void;
}

/** Given in the place of an output: the task skips itself. */
export class SkipSelf {
  constructor(readonly why: string) {}
}

/** What the tasks of one run do. */
export type Behaviour = {
  readonly [Name in ContractActivity]?: (
    input: Parameters<ContractActivities[Name]>[0],
    context: AttemptContext,
  ) => Promise<Awaited<ReturnType<ContractActivities[Name]>> | SkipSelf>;
};

/** A behaviour as its executor calls it: the DAG's types pair every activity with its input. */
export type Works = { readonly [activity: string]: (input: unknown, context: AttemptContext) => Promise<unknown> };
export const worksOf = (behaviour: Behaviour): Works => behaviour as Works;

/** Numbers the attempts at the same work. */
export function attemptCounter(): (activity: string, input: unknown) => number {
  const attempts = new Map<string, number>();
  return (activity, input) => {
    const work = JSON.stringify([activity, input]);
    const attempt = (attempts.get(work) ?? 0) + 1;
    attempts.set(work, attempt);
    return attempt;
  };
}

export interface ContractRun {
  readonly state: RunState;
  readonly outputs: { readonly [name: string]: unknown };
  readonly outcome: 'success' | 'failed' | 'cancelled';
  /** What the run says when it fails. */
  readonly headline: string | undefined;
}

export interface StartedContractRun {
  readonly ended: Promise<ContractRun>;
  /** What a plan's `reuse` calls it. */
  readonly record: string;
  state(): Promise<RunState>;
  /** Acts on the run as an operator. Gives the reason where it is refused. */
  act(action: RunAction, operator?: Operator): Promise<string | undefined>;
  /** Cancels it from outside, without an operator. */
  cancel(): Promise<void>;
}

/** Starts a run of a DAG by the executor under test, its tasks doing what `behaviour` says. */
export type StartContractRun = (
  dag: Dag<ContractParams>,
  params: unknown,
  behaviour: Behaviour,
  plan?: RunPlan,
) => Promise<StartedContractRun>;

/** As `StartContractRun`, to the end, with any parameters. */
export const runToEnd =
  (start: StartContractRun) =>
  async (dag: Dag<ContractParams>, behaviour: Behaviour, plan?: RunPlan): Promise<ContractRun> =>
    (await start(dag, { start: 5 }, behaviour, plan)).ended;

/** The state of each task that is part of the run. */
export const statesOf = ({ tasks }: RunState): { readonly [task: string]: TaskStateName } =>
  Object.fromEntries(
    Object.entries(tasks).flatMap(([task, { state }]) => (state === 'excluded' ? [] : [[task, state]])),
  );

/** Counts attempts, and how many are at work, of a behaviour. */
export function counted(behaviour: Behaviour): {
  readonly behaviour: Behaviour;
  readonly attempts: { readonly [activity: string]: number };
  readonly atWork: () => number;
  readonly mostAtWork: () => number;
} {
  const attempts: { [activity: string]: number } = {};
  let atWork = 0;
  let most = 0;
  const entries = Object.entries(behaviour).map(([name, work]) => [
    name,
    async (input: never, context: AttemptContext) => {
      attempts[name] = (attempts[name] ?? 0) + 1;
      atWork += 1;
      most = Math.max(most, atWork);
      try {
        return await work(input, context);
      } finally {
        atWork -= 1;
      }
    },
  ]);
  return { behaviour: Object.fromEntries(entries), attempts, atWork: () => atWork, mostAtWork: () => most };
}

/** What the tasks of `numbers` do where nothing goes wrong. */
export const numbers = {
  read: async ({ start }) => ({ value: start, label: 'from here' }),
  double: async ({ value }) => value * 2,
  triple: async ({ value }) => value * 3,
  sum: async ({ double, triple, bonus }) => double + triple + bonus,
  aside: async ({ start }) => `aside of ${start}`,
} satisfies Behaviour;

/** A promise, and what resolves it. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

/** Resolves once the attempt was told to stop, with its reason as a rejection, as work that is cancelled ends. */
export async function untilStopped({ signal, beat }: AttemptContext): Promise<never> {
  const beats = setInterval(beat, 50);
  try {
    return await new Promise<never>((_, reject) => {
      const stop = (): void => reject(signal.reason);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  } finally {
    clearInterval(beats);
  }
}

/** Does `work` while saying every 50 ms that it is alive. */
export async function beating<Result>({ beat }: AttemptContext, work: Promise<Result>): Promise<Result> {
  const beats = setInterval(beat, 50);
  try {
    return await work;
  } finally {
    clearInterval(beats);
  }
}

/** Works on until a figure is there, then a little longer, for it to go beyond. */
export async function untilReached(figure: () => number, wanted: number, context: AttemptContext): Promise<void> {
  while (figure() < wanted) await beating(context, pause(10));
  await beating(context, pause(50));
}

export const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
