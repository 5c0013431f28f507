import { upstreamOf } from './dag.js';
import type { CacheMode, Dag, TaskSpec } from './dag.js';
import { milliseconds } from './duration.js';
import { isLate, Late } from './late.js';
import { describeAction, refusal } from './run-control.js';
import type { Operator, RunAction, TaskAction } from './run-control.js';
import { wholePlan } from './run-plan.js';
import type { RunPlan } from './run-plan.js';
import { initialState, isSettled, tasksIn, withTask } from './run-state.js';
import type { ItemState, RunState, TaskFailure, TaskState } from './run-state.js';
import { asUpstream, checkOf, pick } from './task-outcome.js';
import { decide } from './trigger-rule.js';

/** What a task that ended well gives its executor. */
export interface TaskResult<Output = unknown> {
  readonly output: Output;
  readonly cached: boolean;
  readonly note?: string;
  /** How many attempts it took. */
  readonly attempts?: number;
  /** It chose not to run, and why; then there is no output. */
  readonly skipped?: string;
}

/** One task, or a whole map, to be brought to its end. */
export interface TaskRun {
  readonly task: TaskSpec;
  readonly input: { readonly [name: string]: unknown };
  /** `pinned`: the result of the run that the plan reuses, whatever the input. */
  readonly mode: CacheMode | 'pinned';
  /** It has its slot of the pool: it waits no more. */
  onSlot(): void;
  /** Of a map: every item's state. */
  onItems(items: readonly ItemState[]): void;
  /** Of a map, before each item: resolves once the run is not paused. */
  unpaused(): Promise<void>;
}

/** Work that goes on, and may be called off: then it rejects soon after, with an error that `describe` calls cancelled. */
export interface Underway<Result> {
  readonly done: Promise<Result>;
  cancel(): void;
}

/** What differs between running in this process and on Temporal. */
export interface Executor {
  /** Runs one task to its end, retries included. Rejects when it failed for good. */
  run(run: TaskRun): Underway<TaskResult>;
  /** A timer; `what` is for people. */
  sleep(ms: number, what: string): Underway<void>;
  /** Reads the error that work rejected with; `cancelled` tells a stop on request from a failure. */
  describe(error: unknown): TaskFailure & { readonly cancelled: boolean };
  /** Called after every change of the run's state. */
  onChange(run: RunState): void;
  /** The executor's clock, in milliseconds. */
  now(): number;
}

export interface RunResult {
  readonly state: RunState;
  /** What each output of the DAG holds; an output whose task did not succeed is absent. */
  readonly outputs: { readonly [name: string]: unknown };
}

/** A run that goes on. */
export interface DagRun {
  /** Resolves once every task has settled; never rejects because a task failed. */
  readonly ended: Promise<RunResult>;
  state(): RunState;
  /** What a task that succeeded gave. */
  output(task: string): unknown;
  /** Why an action cannot be taken now, for people; `undefined` where it can. */
  refusal(action: RunAction): string | undefined;
  /** Takes an action that is not refused, and writes down who took it. */
  act(action: RunAction, operator: Operator): void;
  /** Nothing more starts, and what runs is called off. */
  stop(): void;
}

const RECEIVED = 'received';

/** How an operator says that a task ends, whatever becomes of its work. */
interface Ruling {
  readonly state: TaskState;
  readonly output?: unknown;
}

/**
 * Runs every task as soon as its trigger rule lets it, branches side by side. The same code drives a plain process and
 * a Temporal workflow: it does no I/O of its own, and starts tasks in an order that only the DAG, the order of
 * completions and the operator's actions decide.
 */
export function startDag(
  dag: Dag,
  params: { readonly [name: string]: unknown },
  executor: Executor,
  plan: RunPlan = wholePlan(dag),
): DagRun {
  const outputs = new Map<string, unknown>();
  const underway = new Map<string, () => void>();
  const rulings = new Map<string, Ruling>();
  const signals = new Map<string, unknown>();
  const listeners = new Map<string, () => void>();
  const pausedLanes: (() => void)[] = [];
  let run = initialState(dag, plan);
  let holding = plan.hold;
  let stopping = false;
  let end: (result: RunResult) => void;
  const ended = new Promise<RunResult>((resolve) => (end = resolve));

  const stateOf = (id: string): TaskState => run.tasks[id] ?? { state: 'excluded' };
  const setRun = (changed: RunState): void => {
    run = changed;
    executor.onChange(run);
  };
  const change = (id: string, state: TaskState): void => setRun(withTask(run, id, state));
  const isOver = (): boolean => dag.tasks.every(({ id }) => isSettled(stateOf(id)));

  /** Settles and starts what can be, in the DAG's order: what a task settles reaches all after it in one pass. */
  function advance(): void {
    for (const task of dag.tasks) {
      if (stateOf(task.id).state !== 'waiting') continue;
      if (stopping) change(task.id, { state: 'cancelled' });
      else consider(task);
    }
    if (isOver()) end({ state: run, outputs: outputsOfRun() });
  }

  function consider(task: TaskSpec): void {
    const upstream = upstreamOf(task).filter((id) => stateOf(id).state !== 'excluded');
    const pinned = plan.tasks[task.id] === 'pinned';
    const decision = pinned
      ? 'run'
      : decide(
          task.options.trigger,
          upstream.map((id) => asUpstream(stateOf(id))),
        );
    if (decision === 'wait' || (decision === 'run' && run.paused)) return;
    if (decision === 'run') begin(task, pinned ? 'pinned' : modeOf(task));
    else change(task.id, { state: decision, note: reasonOf(task, upstream) });
  }

  const modeOf = (task: TaskSpec): CacheMode =>
    plan.tasks[task.id] === 'refresh' && task.options.cache !== 'never' ? 'refresh' : task.options.cache;

  function reasonOf(task: TaskSpec, upstream: readonly string[]): string {
    const states = upstream.flatMap((id) => (isSettled(stateOf(id)) ? [`${id} ${stateOf(id).state}`] : []));
    return `${task.options.trigger}: ${states.join(', ')}`;
  }

  function begin(task: TaskSpec, mode: TaskRun['mode']): void {
    const startedAt = executor.now();
    const waits = task.kind.is === 'sensor' || task.kind.is === 'signal';
    const first = waits ? 'deferred' : task.options.pool === undefined ? 'running' : 'queued';
    change(task.id, { state: mode === 'pinned' ? 'running' : first, startedAt });
    // Also where there is nothing to call off: what an operator rules from here on counts when it ends.
    underway.set(task.id, () => {});
    const done = work(task, mode);
    void done.then(
      (result) => succeeded(task, startedAt, result),
      (error: unknown) => failed(task, startedAt, executor.describe(error)),
    );
  }

  async function work(task: TaskSpec, mode: TaskRun['mode']): Promise<TaskResult> {
    const update = (part: Partial<TaskState>): void => {
      if (!isSettled(stateOf(task.id))) change(task.id, { ...stateOf(task.id), ...part });
    };
    if (task.kind.is === 'signal' && mode !== 'pinned') return awaitSignal(task);
    const going = executor.run({
      task,
      mode,
      input: mode === 'pinned' ? {} : inputOf(task),
      onSlot: () => stateOf(task.id).state === 'queued' && update({ state: 'running' }),
      onItems: (items) => update({ items }),
      unpaused: async () => unpaused(task.id),
    });
    underway.set(task.id, () => going.cancel());
    const result = await going.done;
    if (task.kind.is === 'check' && result.skipped === undefined) checkOf(task.kind.severity, result.output);
    return result;
  }

  /** A map that is called off has nothing to wait for: it would hold up the run's pause or its end. */
  async function unpaused(id: string): Promise<void> {
    while (run.paused && !rulings.has(id)) await new Promise<void>((resolve) => pausedLanes.push(resolve));
  }

  function wakeLanes(): void {
    for (const go of pausedLanes.splice(0)) go();
  }

  /** A signal may have come before its task began. */
  async function awaitSignal({ id, kind }: TaskSpec): Promise<TaskResult> {
    if (kind.is !== 'signal') throw new TypeError(`Expected ${id} to wait for a signal`);
    const taken = (): TaskResult => ({ output: signals.get(id), cached: false, note: RECEIVED });
    if (signals.has(id)) return taken();
    const timer = executor.sleep(milliseconds(kind.within), `${id}: waits for a signal`);
    underway.set(id, () => timer.cancel());
    const received = new Promise<'received'>((resolve) => listeners.set(id, () => resolve('received')));
    const first = await Promise.race([received, timer.done]);
    if (first === 'received') {
      timer.cancel();
      return taken();
    }
    throw new Late(`Expected a signal for ${id} within ${kind.within}, got none`);
  }

  function succeeded(task: TaskSpec, startedAt: number, result: TaskResult): void {
    const { output, cached, note, attempts, skipped } = result;
    const items = stateOf(task.id).items;
    const facts = {
      startedAt,
      endedAt: executor.now(),
      ...(attempts === undefined ? {} : { attempts }),
      ...(items === undefined ? {} : { items }),
    };
    if (skipped !== undefined) {
      settle(task, { state: { ...facts, state: 'skipped', note: skipped } });
      return;
    }
    const check = task.kind.is === 'check' ? checkOf(task.kind.severity, output) : undefined;
    const done = {
      ...facts,
      cached,
      ...(note === undefined ? {} : { note }),
      ...(check === undefined ? {} : { check }),
    };
    if (check !== undefined && !check.passed && check.severity === 'block') {
      failed(task, startedAt, { type: 'CheckFailed', message: check.message, cancelled: false }, done);
      return;
    }
    settle(task, { state: { ...done, state: 'success' }, output });
  }

  function failed(
    task: TaskSpec,
    startedAt: number,
    { cancelled, type, message }: ReturnType<Executor['describe']>,
    facts: Omit<TaskState, 'state'> = {},
  ): void {
    const { items } = stateOf(task.id);
    const state = { ...facts, startedAt, endedAt: executor.now(), ...(items === undefined ? {} : { items }) };
    const error = { type, message };
    if (cancelled) {
      // Not by a ruling: the run was cancelled, and this task heard of it first.
      if (!rulings.has(task.id)) stop();
      settle(task, { state: { ...state, state: 'cancelled' } });
    } else if ('late' in task.kind && task.kind.late === 'skip' && isLate(type)) {
      settle(task, { state: { ...state, state: 'skipped', note: message } });
    } else settle(task, { state: { ...state, state: holding && !stopping ? 'held' : 'failed', error } });
  }

  /** What an operator ruled while it ran comes before what came of it. */
  function settle(task: TaskSpec, came: Ruling): void {
    underway.delete(task.id);
    listeners.delete(task.id);
    const { state, output } = rulings.get(task.id) ?? came;
    rulings.delete(task.id);
    if (state.state === 'success') outputs.set(task.id, output);
    change(task.id, state);
    advance();
  }

  function inputOf(task: TaskSpec): { readonly [name: string]: unknown } {
    const input: { [name: string]: unknown } = {};
    for (const [name, source] of Object.entries(task.inputs)) {
      if (source.from === 'param') input[name] = params[source.param];
      else if (source.from === 'constant') input[name] = source.value;
      else input[name] = pick(outputs.get(source.task), outputs.has(source.task) ? source.field : undefined);
    }
    return input;
  }

  function outputsOfRun(): RunResult['outputs'] {
    const named = Object.entries(dag.outputs).filter(([, id]) => outputs.has(id));
    return Object.fromEntries(named.map(([name, id]) => [name, outputs.get(id)]));
  }

  function refused(action: RunAction): string | undefined {
    if (!('task' in action) && isOver()) return 'it has ended already';
    // A pause would hold up what is to end, and a second cancellation would change nothing.
    if (stopping && (action.do === 'pause' || action.do === 'cancel')) return 'it is being cancelled';
    return refusal(dag, run, action);
  }

  function act(action: RunAction, { who, why }: Operator): void {
    const reason = refused(action);
    if (reason !== undefined) throw new RangeError(reason);
    const entry = { at: executor.now(), who, why, action: describeAction(action) };
    setRun({ ...run, audit: [...run.audit, entry] });
    if ('task' in action) actOnTask(action, `${who}: ${why}`);
    else if (action.do === 'pause') setRun({ ...run, paused: true });
    else if (action.do === 'resume') unpause();
    else if (action.do === 'cancel') stop();
    else release();
    advance();
  }

  function actOnTask(action: TaskAction, said: string): void {
    const task = dag.tasks.find(({ id }) => id === action.task);
    if (task === undefined) return;
    const now = executor.now();
    const { startedAt = now } = stateOf(task.id);
    const facts = { startedAt, endedAt: now };
    if (action.do === 'retry') begin(task, modeOfRetry(task));
    else if (action.do === 'signal') {
      // As it is when it is awaited: with what its schema fills in.
      const output = task.kind.is === 'signal' ? task.kind.schema.parse(action.value) : action.value;
      signals.set(task.id, output);
      if (stateOf(task.id).state === 'held')
        settle(task, { state: { ...facts, state: 'success', note: RECEIVED }, output });
      else listeners.get(task.id)?.();
    } else {
      const ruling: Ruling =
        action.do === 'succeed'
          ? { state: { ...facts, state: 'success', note: `marked by ${said}` }, output: action.output }
          : { state: { ...facts, state: 'skipped', note: `skipped by ${said}` } };
      const cancel = underway.get(task.id);
      if (cancel !== undefined) rulings.set(task.id, ruling);
      if (cancel === undefined) settle(task, ruling);
      else cancel();
      wakeLanes();
    }
  }

  /** Anew, whatever is remembered; but a pinned result is taken from where it was to come from. */
  function modeOfRetry({ id, options }: TaskSpec): TaskRun['mode'] {
    if (plan.tasks[id] === 'pinned') return 'pinned';
    return options.cache === 'never' ? 'never' : 'refresh';
  }

  function unpause(): void {
    setRun({ ...run, paused: false });
    wakeLanes();
  }

  function release(): void {
    holding = false;
    for (const id of tasksIn(run, 'held')) change(id, { ...stateOf(id), state: 'failed' });
  }

  function stop(): void {
    if (stopping) return;
    stopping = true;
    unpause();
    for (const id of tasksIn(run, 'held')) change(id, { ...stateOf(id), state: 'cancelled' });
    // What is called off ends later: nothing leaves the map meanwhile.
    for (const cancel of underway.values()) cancel();
    advance();
  }

  advance();
  return {
    ended,
    state: () => run,
    output: (task) => outputs.get(task),
    refusal: refused,
    act,
    stop,
  };
}

/** As `startDag`, to the end. */
export const executeDag = async (
  dag: Dag,
  params: { readonly [name: string]: unknown },
  executor: Executor,
  plan?: RunPlan,
): Promise<RunResult> => startDag(dag, params, executor, plan).ended;
