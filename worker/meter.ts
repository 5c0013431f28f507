import type { MetricMeter } from '@temporalio/common';
import type { Log } from './log.js';
import { errorFields } from './log-line.js';
import { METRICS } from './metric-definitions.js';
import type { MetricName, Observation } from './metric-definitions.js';

/** Takes observations; whether anyone reads them is decided elsewhere. */
export interface Meter {
  observe(observations: readonly Observation[]): void;
}

type Recorder = (value: number, labels: Observation['labels']) => void;

/** Our metrics on the endpoint of Temporal's own. What it cannot count it says in the log: no work fails for that. */
export function meterOn(sdk: MetricMeter, log: Pick<Log, 'warn'>): Meter {
  const records = new Map<MetricName, Recorder>();
  const recordOf = (name: MetricName): Recorder => {
    const record = records.get(name) ?? recorder(sdk, name);
    records.set(name, record);
    return record;
  };
  return {
    observe: (observations) => {
      for (const { metric, value, labels } of observations) {
        try {
          recordOf(metric)(value, labels);
        } catch (error) {
          log.warn({ metric, value, labels, error: errorFields(error) }, `${metric} was not counted`);
        }
      }
    },
  };
}

function recorder(sdk: MetricMeter, name: MetricName): Recorder {
  const { is, help } = METRICS[name];
  if (is === 'signed') return signedGauge(sdk, name, help);
  if (is === 'counter') {
    // The exporter appends the suffix to every counter.
    const counter = sdk.createCounter(name.replace(/_total$/, ''), '', help);
    return (value, labels) => counter.add(value, labels);
  }
  if (is === 'histogram') {
    const histogram = sdk.createHistogram(name, 'float', '', help);
    return (value, labels) => histogram.record(value, labels);
  }
  const gauge = sdk.createGauge(name, 'float', '', help);
  return (value, labels) => gauge.set(value, labels);
}

/** The SDK's gauges refuse what is below zero. Its counters that go both ways do not, and are gauges to Prometheus. */
function signedGauge(sdk: MetricMeter, name: MetricName, help: string): Recorder {
  const counter = sdk.createUpDownCounter?.(name, '', help);
  const last = new Map<string, number>();
  return (value, labels) => {
    const series = JSON.stringify(labels);
    const whole = Math.round(value);
    counter?.add(whole - (last.get(series) ?? 0), labels);
    last.set(series, whole);
  };
}
