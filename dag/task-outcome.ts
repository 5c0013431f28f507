import type { TaskSpec } from './dag.js';
import type { Executor, TaskResult } from './executor.js';
import { isLate } from './late.js';
import { ItemsFailed } from './map-items.js';
import type { CheckState, TaskState } from './run-state.js';
import type { UpstreamState } from './trigger-rule.js';

/** What a trigger rule sees of a task. */
export function asUpstream({ state }: TaskState): UpstreamState {
  switch (state) {
    case 'success':
    case 'failed':
    case 'upstream_failed':
    case 'skipped':
      return state;
    default:
      return 'open';
  }
}

/** A task's output, or one field of it. The pipeline's types admit a field only of an object that has it. */
export const pick = (output: unknown, field: string | undefined): unknown =>
  field === undefined ? output : (output as { readonly [name: string]: unknown })[field];

/** What the output of a check says. Throws a `TypeError` where it is none: a worker may run other code than the DAG. */
export function checkOf(severity: CheckState['severity'], output: unknown): CheckState {
  const isCheck = typeof output === 'object' && output !== null && 'passed' in output && 'figures' in output;
  if (!isCheck || typeof output.passed !== 'boolean' || typeof output.figures !== 'object') {
    throw new TypeError(`Expected a check to give passed and figures, got ${JSON.stringify(output)}`);
  }
  const message = 'message' in output && typeof output.message === 'string' ? output.message : 'the check did not pass';
  // Objects of figures alone, by the type of what a check's activity gives.
  return { passed: output.passed, severity, figures: output.figures as CheckState['figures'], message };
}

/** How a task ended: by its own work, or by an operator's word. */
export interface TaskEnd {
  readonly state: TaskState;
  /** Of a success; of a map that failed, what its other items gave. */
  readonly output?: unknown;
}

/** What is known of a task however it ended. */
export type TaskFacts = Pick<TaskState, 'startedAt' | 'endedAt' | 'items'>;

/** A task's work gave a result; of a check that blocks it may say that the check did not pass. */
export function endOfResult({ kind }: TaskSpec, result: TaskResult, facts: TaskFacts): TaskEnd {
  const { output, cached, note, attempts, skipped } = result;
  const said = { ...facts, ...(attempts === undefined ? {} : { attempts }) };
  if (skipped !== undefined) return { state: { ...said, state: 'skipped', note: skipped } };
  const check = kind.is === 'check' ? checkOf(kind.severity, output) : undefined;
  const made = { ...said, cached, ...(note === undefined ? {} : { note }), ...(check === undefined ? {} : { check }) };
  if (check !== undefined && !check.passed && check.severity === 'block') {
    return { state: { ...made, state: 'failed', error: { type: 'CheckFailed', message: check.message } } };
  }
  return { state: { ...made, state: 'success' }, output };
}

/** A task's work failed for good, or was called off, or waited too long for the outside. */
export function endOfFailure({ kind }: TaskSpec, failure: ReturnType<Executor['describe']>, facts: TaskFacts): TaskEnd {
  const { cancelled, type, message } = failure;
  if (cancelled) return { state: { ...facts, state: 'cancelled' } };
  if ('late' in kind && kind.late === 'skip' && isLate(type)) {
    return { state: { ...facts, state: 'skipped', note: message } };
  }
  return { state: { ...facts, state: 'failed', error: { type, message } } };
}

/** A failure that waits for the operator. */
export const held = (end: TaskEnd): TaskEnd => ({ ...end, state: { ...end.state, state: 'held' } });

/** With what is left of it, where items of a map alone failed. */
export const withGiven = (end: TaskEnd, error: unknown): TaskEnd =>
  error instanceof ItemsFailed && end.state.state === 'failed' ? { ...end, output: error.given } : end;
