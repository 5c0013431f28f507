/** When a task runs, told from how the tasks right upstream of it ended. Names and meaning are those of Airflow 3.1 and later. */
export const TRIGGER_RULES = [
  'all_success',
  'all_failed',
  'all_done',
  'all_done_min_one_success',
  'all_skipped',
  'one_success',
  'one_failed',
  'one_done',
  'none_failed',
  'none_failed_min_one_success',
  'none_skipped',
  'always',
] as const;

export type TriggerRule = (typeof TRIGGER_RULES)[number];

/** What an upstream task looks like to a rule. `open` has not settled: it waits, runs or will be tried again. */
export type UpstreamState = 'open' | 'success' | 'failed' | 'upstream_failed' | 'skipped';

/** `wait` is the only one that is not final; `skipped` and `upstream_failed` are how the task itself then ends. */
export type Decision = 'wait' | 'run' | 'skipped' | 'upstream_failed';

interface Reading {
  /** Read in order: the first line of which some upstream task is in one of the states decides. */
  readonly lines: readonly (readonly [states: readonly UpstreamState[], decision: Decision])[];
  /** Where no line applies. */
  readonly otherwise: Decision;
}

const OPEN: readonly UpstreamState[] = ['open'];
const SUCCESS: readonly UpstreamState[] = ['success'];
const FAILURE: readonly UpstreamState[] = ['failed', 'upstream_failed'];
const SKIPPED: readonly UpstreamState[] = ['skipped'];
/** A task that itself ran to an end. */
const RAN: readonly UpstreamState[] = ['success', 'failed'];

/**
 * A line above the one for `open` decides early, while others may still run. That no rule counts, but only asks which
 * states there are, is what makes so short a table possible.
 */
const READINGS: Readonly<Record<TriggerRule, Reading>> = {
  all_success: {
    lines: [
      [FAILURE, 'upstream_failed'],
      [SKIPPED, 'skipped'],
      [OPEN, 'wait'],
    ],
    otherwise: 'run',
  },
  all_failed: {
    lines: [
      [[...SUCCESS, ...SKIPPED], 'skipped'],
      [OPEN, 'wait'],
    ],
    otherwise: 'run',
  },
  all_done: {
    lines: [[OPEN, 'wait']],
    otherwise: 'run',
  },
  // One skipped task skips this one, also beside a success: to this rule a skipped task is not done.
  all_done_min_one_success: {
    lines: [
      [SKIPPED, 'skipped'],
      [OPEN, 'wait'],
      [SUCCESS, 'run'],
    ],
    otherwise: 'upstream_failed',
  },
  all_skipped: {
    lines: [
      [[...SUCCESS, ...FAILURE], 'skipped'],
      [OPEN, 'wait'],
    ],
    otherwise: 'run',
  },
  one_success: {
    lines: [
      [SUCCESS, 'run'],
      [OPEN, 'wait'],
      [FAILURE, 'upstream_failed'],
    ],
    otherwise: 'skipped',
  },
  one_failed: {
    lines: [
      [FAILURE, 'run'],
      [OPEN, 'wait'],
    ],
    otherwise: 'skipped',
  },
  // `upstream_failed` is not enough for this rule: such a task never ran.
  one_done: {
    lines: [
      [RAN, 'run'],
      [OPEN, 'wait'],
    ],
    otherwise: 'skipped',
  },
  none_failed: {
    lines: [
      [FAILURE, 'upstream_failed'],
      [OPEN, 'wait'],
    ],
    otherwise: 'run',
  },
  none_failed_min_one_success: {
    lines: [
      [FAILURE, 'upstream_failed'],
      [OPEN, 'wait'],
      [SUCCESS, 'run'],
    ],
    otherwise: 'skipped',
  },
  none_skipped: {
    lines: [
      [SKIPPED, 'skipped'],
      [OPEN, 'wait'],
    ],
    otherwise: 'run',
  },
  always: { lines: [], otherwise: 'run' },
};

/**
 * What a task does now, given its rule and the states of the tasks right upstream of it.
 *
 *     decide('one_success', ['open', 'success']); // 'run'
 *
 * A task without upstream runs under any rule. Neither the order nor the number of tasks in a state matters. Call it
 * after each change until it says something other than `wait`, and keep that first answer: `run` stays `run` whatever
 * settles later, but under `all_success` a task skipped early would read `upstream_failed` once another upstream task
 * fails. Airflow too keeps what it decided first.
 */
export function decide(rule: TriggerRule, upstream: readonly UpstreamState[]): Decision {
  if (upstream.length === 0) return 'run';
  const { lines, otherwise } = READINGS[rule];
  const line = lines.find(([states]) => upstream.some((state) => states.includes(state)));
  return line === undefined ? otherwise : line[1];
}
