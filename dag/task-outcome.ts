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
