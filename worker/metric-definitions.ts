import { POOL_GAUGES } from '../workflows/pool-gauges.js';

/** `signed`: a gauge that may be below zero. */
interface MetricDefinition {
  readonly is: 'counter' | 'gauge' | 'signed' | 'histogram';
  /** Each takes few values, which do not grow with time: no date, no run. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, ascending. */
  readonly buckets?: readonly number[];
  readonly help: string;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Every metric of ours, by the name that Prometheus sees. docs/metrics.md has a line for each. */
export const METRICS = {
  segmenta_task_duration_seconds: {
    is: 'histogram',
    labels: ['dag', 'task', 'outcome', 'cached'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR],
    help: 'Length of an attempt of a task, or of an item of a map',
  },
  segmenta_event_loop_block_seconds: {
    is: 'histogram',
    labels: ['dag', 'task'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    help: 'Longest time that the event loop of the worker stood still during an attempt',
  },
  segmenta_cache_lookups_total: {
    is: 'counter',
    labels: ['dag', 'task', 'result'],
    help: 'Attempts that asked for the remembered result, by what they got (hit, miss)',
  },
  segmenta_artifact_rows_total: {
    is: 'counter',
    labels: ['dag', 'task', 'kind'],
    help: 'Rows of the artifacts that tasks wrote',
  },
  segmenta_artifact_bytes_total: {
    is: 'counter',
    labels: ['dag', 'task', 'kind'],
    help: 'Bytes of the artifacts that tasks wrote',
  },
  segmenta_tasks_ended_total: {
    is: 'counter',
    labels: ['dag', 'task', 'state'],
    help: 'Tasks of ended runs, by the state that they ended in',
  },
  segmenta_runs_ended_total: {
    is: 'counter',
    labels: ['dag', 'outcome', 'kind'],
    help: 'Runs that ended, by outcome and by what started them',
  },
  segmenta_run_duration_seconds: {
    is: 'histogram',
    labels: ['dag', 'outcome', 'kind'],
    buckets: [1, 5, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, DAY],
    help: 'Time from the start of a run to its end',
  },
  segmenta_run_last_success_timestamp_seconds: {
    is: 'gauge',
    labels: ['dag', 'kind'],
    help: 'When a run last succeeded, in Unix seconds',
  },
  segmenta_partition_lateness_seconds: {
    is: 'signed',
    labels: ['dag', 'kind'],
    help: 'By how much the last run that succeeded ended after the deadline of its date; negative where it was early',
  },
  segmenta_partition_late_by_seconds: {
    is: 'histogram',
    labels: ['dag', 'kind'],
    buckets: [0, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY],
    help: 'By how much runs that succeeded ended after the deadline of their date; 0 where they were in time',
  },
  segmenta_deadlines_missed_total: {
    is: 'counter',
    labels: ['dag', 'kind'],
    help: 'Deadlines that passed before their run had ended, or even started',
  },
  ...POOL_GAUGES,
} as const satisfies { readonly [name: string]: MetricDefinition };

export type MetricName = keyof typeof METRICS;

type Labels<Name extends MetricName> = { readonly [Label in (typeof METRICS)[Name]['labels'][number]]: string };

/** A value for a metric, with all of its labels. */
export type Observation = {
  readonly [Name in MetricName]: { readonly metric: Name; readonly value: number; readonly labels: Labels<Name> };
}[MetricName];

/** Upper bounds of the histograms' buckets, by name. */
export const bucketsByName = (): { [name: string]: number[] } =>
  Object.fromEntries(
    Object.entries<MetricDefinition>(METRICS).flatMap(([name, { buckets }]) =>
      buckets === undefined ? [] : [[name, [...buckets]]],
    ),
  );
