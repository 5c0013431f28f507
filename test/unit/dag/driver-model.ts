import type { Dag, TaskSpec } from '../../../dag/dag.js';
import type { RunAction } from '../../../dag/run-control.js';
import type { RunPlan } from '../../../dag/run-plan.js';
import type { TaskStateName } from '../../../dag/run-state.js';
import type { TriggerRule } from '../../../dag/trigger-rule.js';

// What a run has to do, said once more in another way than in dag/: rules by counting, as Airflow's manual puts them,
// and one step for everything that can happen to a run. Slow and plain, for tests to compare with.

/** How a task's work ended. */
export type End = 'success' | 'failed' | 'skips itself' | 'cancelled' | 'late';

type Verdict = 'run' | 'wait' | 'skipped' | 'upstream_failed';

const OVER: ReadonlySet<TaskStateName> = new Set([
  'success',
  'failed',
  'skipped',
  'upstream_failed',
  'cancelled',
  'excluded',
]);

/** The rule's verdict from how many upstream tasks there are in each state. */
export function verdictOf(rule: TriggerRule, upstream: readonly TaskStateName[]): Verdict {
  const all = upstream.length;
  const count = (state: TaskStateName): number => upstream.filter((other) => other === state).length;
  const [success, skipped, failed, upstreamFailed] = [
    count('success'),
    count('skipped'),
    count('failed'),
    count('upstream_failed'),
  ];
  const failures = failed + upstreamFailed;
  const done = success + skipped + failures === all;
  const whenDone = (then: Verdict): Verdict => (done ? then : 'wait');
  if (all === 0) return 'run';
  switch (rule) {
    case 'all_success':
      if (failures > 0) return 'upstream_failed';
      return skipped > 0 ? 'skipped' : whenDone('run');
    case 'all_failed':
      return success + skipped > 0 ? 'skipped' : whenDone('run');
    case 'all_done':
      return whenDone('run');
    case 'all_done_min_one_success':
      if (skipped > 0) return 'skipped';
      return whenDone(success > 0 ? 'run' : 'upstream_failed');
    case 'all_skipped':
      return success + failures > 0 ? 'skipped' : whenDone('run');
    case 'one_success':
      if (success > 0) return 'run';
      return whenDone(failures > 0 ? 'upstream_failed' : 'skipped');
    case 'one_failed':
      return failures > 0 ? 'run' : whenDone('skipped');
    case 'one_done':
      return success + failed > 0 ? 'run' : whenDone('skipped');
    case 'none_failed':
      return failures > 0 ? 'upstream_failed' : whenDone('run');
    case 'none_failed_min_one_success':
      if (failures > 0) return 'upstream_failed';
      return whenDone(success > 0 ? 'run' : 'skipped');
    case 'none_skipped':
      return skipped > 0 ? 'skipped' : whenDone('run');
    default:
      return 'run';
  }
}

export interface DriverModel {
  states(): { readonly [task: string]: TaskStateName };
  /** How often each task's work was begun. */
  starts(): { readonly [task: string]: number };
  refuses(action: RunAction): boolean;
  act(action: RunAction): void;
  /** A task's work, or its wait, came to its end. */
  ended(task: string, end: End): void;
  paused(): boolean;
}

export function driverModel(dag: Dag, plan: RunPlan): DriverModel {
  const state = new Map<string, TaskStateName>();
  const starts: { [task: string]: number } = {};
  const ruled = new Map<string, 'success' | 'skipped'>();
  const sent = new Set<string>();
  let [paused, stopping, holding] = [false, false, plan.hold];
  for (const { id } of dag.tasks) {
    const planned = plan.tasks[id];
    state.set(id, planned === undefined ? 'excluded' : planned === 'skipped' ? 'skipped' : 'waiting');
  }
  const of = (id: string): TaskStateName => state.get(id) ?? 'excluded';
  const specOf = (id: string): TaskSpec | undefined => dag.tasks.find((task) => task.id === id);
  const isPinned = (id: string): boolean => plan.tasks[id] === 'pinned';
  const over = (): boolean => dag.tasks.every(({ id }) => OVER.has(of(id)));

  function verdict(task: TaskSpec): Verdict {
    if (stopping) return 'wait';
    if (isPinned(task.id)) return 'run';
    const sources = Object.values(task.inputs).flatMap((source) => (source.from === 'task' ? [source.task] : []));
    const upstream = [...new Set([...sources, ...task.after])].map(of).filter((seen) => seen !== 'excluded');
    return verdictOf(task.options.trigger, upstream);
  }

  /** Until nothing changes: what the rules settle, what starts, and signals that were there before their task. */
  function settle(): void {
    const heard: string[] = [];
    for (const task of dag.tasks) {
      if (of(task.id) !== 'waiting') continue;
      const next = verdict(task);
      if (stopping) state.set(task.id, 'cancelled');
      else if (next === 'run' && !paused) start(task, heard);
      else if (next === 'skipped' || next === 'upstream_failed') state.set(task.id, next);
    }
    for (const id of heard) {
      state.set(id, 'success');
      settle();
    }
  }

  function start({ id, kind }: TaskSpec, heard: string[]): void {
    const signal = kind.is === 'signal' && !isPinned(id);
    state.set(id, (signal || kind.is === 'sensor') && !isPinned(id) ? 'deferred' : 'running');
    if (!signal) starts[id] = (starts[id] ?? 0) + 1;
    else if (sent.has(id)) heard.push(id);
  }

  function stop(): void {
    [stopping, paused] = [true, false];
    for (const [id, seen] of state) if (seen === 'held') state.set(id, 'cancelled');
  }

  const after: { readonly [Do in RunAction['do']]: (task: string) => void } = {
    pause: () => (paused = true),
    resume: () => (paused = false),
    cancel: stop,
    release: () => {
      holding = false;
      for (const [id, seen] of state) if (seen === 'held') state.set(id, 'failed');
    },
    retry: (id) => {
      const heard: string[] = [];
      const task = specOf(id);
      if (task !== undefined) start(task, heard);
      for (const other of heard) state.set(other, 'success');
    },
    skip: (id) => rule(id, 'skipped'),
    succeed: (id) => rule(id, 'success'),
    signal: (id) => {
      sent.add(id);
      if (!isPinned(id) && (of(id) === 'deferred' || of(id) === 'held')) {
        state.set(id, ruled.get(id) ?? 'success');
        ruled.delete(id);
      }
    },
  };

  function rule(id: string, to: 'success' | 'skipped'): void {
    if (of(id) === 'waiting' || of(id) === 'held') state.set(id, to);
    else ruled.set(id, to);
  }

  function refuses(action: RunAction): boolean {
    if (over()) return true;
    if (action.do === 'pause') return paused || stopping;
    if (action.do === 'resume') return !paused;
    if (action.do === 'cancel') return stopping;
    if (action.do === 'release') return ![...state.values()].includes('held');
    if (!('task' in action)) return false;
    const kind = specOf(action.task)?.kind.is;
    if (kind === undefined || OVER.has(of(action.task))) return true;
    if (action.do === 'retry') return of(action.task) !== 'held' || paused;
    if (action.do === 'succeed') return kind === 'publish';
    return action.do === 'signal' && (kind !== 'signal' || typeof action.value !== 'string');
  }

  settle();
  return {
    states: () => Object.fromEntries(state),
    starts: () => starts,
    paused: () => paused,
    refuses,
    act: (action) => {
      after[action.do]('task' in action ? action.task : '');
      settle();
    },
    ended: (id, end) => {
      // A timer of a signal that came.
      if (OVER.has(of(id)) || of(id) === 'held') return;
      const kind = specOf(id)?.kind;
      const skips = end === 'late' && kind !== undefined && 'late' in kind && kind.late === 'skip';
      const ruling = ruled.get(id);
      ruled.delete(id);
      if (ruling !== undefined) state.set(id, ruling);
      else if (end === 'cancelled') {
        stop();
        state.set(id, 'cancelled');
      } else if (end === 'success') state.set(id, 'success');
      else if (end === 'skips itself' || skips) state.set(id, 'skipped');
      else state.set(id, holding && !stopping ? 'held' : 'failed');
      settle();
    },
  };
}
