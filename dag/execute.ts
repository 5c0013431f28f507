import { upstreamOf } from './dag.js';
import type { CacheMode, Dag, TaskSpec } from './dag.js';
import type { Executor, TaskResult, TaskRun } from './executor.js';
import { describeAction, refusal } from './run-control.js';
import type { Operator, RunAction, TaskAction } from './run-control.js';
import { wholePlan } from './run-plan.js';
import type { RunPlan } from './run-plan.js';
import { initialState, isSettled, tasksIn, withTask } from './run-state.js';
import type { RunState, TaskState } from './run-state.js';
import { RECEIVED, signalBox } from './signal-box.js';
import { asUpstream, checkOf, endOfFailure, endOfResult, held, pick, withGiven } from './task-outcome.js';
import type { TaskEnd, TaskFacts } from './task-outcome.js';
import { decide } from './trigger-rule.js';

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
  const rulings = new Map<string, TaskEnd>();
  const signals = signalBox(executor);
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
      (error: unknown) => failed(task, startedAt, error),
    );
  }

  async function work(task: TaskSpec, mode: TaskRun['mode']): Promise<TaskResult> {
    const update = (part: Partial<TaskState>): void => {
      if (!isSettled(stateOf(task.id))) change(task.id, { ...stateOf(task.id), ...part });
    };
    const going =
      task.kind.is === 'signal' && mode !== 'pinned'
        ? signals.wait(task)
        : executor.run({
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

  function succeeded(task: TaskSpec, startedAt: number, result: TaskResult): void {
    const end = endOfResult(task, result, factsOf(task, startedAt));
    settle(task, end.state.state === 'failed' && holding && !stopping ? held(end) : end);
  }

  function failed(task: TaskSpec, startedAt: number, error: unknown): void {
    const failure = executor.describe(error);
    // Not by a ruling: the run was cancelled, and this task heard of it first.
    if (failure.cancelled && !rulings.has(task.id)) stop();
    const end = withGiven(endOfFailure(task, failure, factsOf(task, startedAt)), error);
    settle(task, end.state.state === 'failed' && holding && !stopping ? held(end) : end);
  }

  function factsOf({ id }: TaskSpec, startedAt: number): TaskFacts {
    const { items } = stateOf(id);
    return { startedAt, endedAt: executor.now(), ...(items === undefined ? {} : { items }) };
  }

  /** What an operator ruled while it ran comes before what came of it. */
  function settle(task: TaskSpec, came: TaskEnd): void {
    underway.delete(task.id);
    const { state, output } = rulings.get(task.id) ?? came;
    rulings.delete(task.id);
    if (state.state === 'success' || output !== undefined) outputs.set(task.id, output);
    else outputs.delete(task.id);
    change(task.id, state);
    advance();
  }

  function inputOf(task: TaskSpec): { readonly [name: string]: unknown } {
    const input: { [name: string]: unknown } = {};
    for (const [name, source] of Object.entries(task.inputs)) {
      if (source.from === 'param') input[name] = params[source.param];
      else if (source.from === 'constant') input[name] = source.value;
      else input[name] = given(source.task) ? pick(outputs.get(source.task), source.field) : undefined;
    }
    return input;
  }

  /** A failed map has given something too; but not while somebody may still try it again. */
  const given = (id: string): boolean => outputs.has(id) && ['success', 'failed'].includes(stateOf(id).state);

  function outputsOfRun(): RunResult['outputs'] {
    const named = Object.entries(dag.outputs).filter(([, id]) => stateOf(id).state === 'success');
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
      signals.deliver(task.id, output);
      // It had waited too long; now it has what it waited for.
      if (stateOf(task.id).state === 'held')
        settle(task, { state: { ...facts, state: 'success', note: RECEIVED }, output });
    } else {
      const ruling: TaskEnd =
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
    output: (task) => (stateOf(task).state === 'success' ? outputs.get(task) : undefined),
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
