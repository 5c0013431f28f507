import { noopMetricMeter } from '@temporalio/common';
import type { MetricMeter, MetricTags } from '@temporalio/common';
import { array, assert, constantFrom, float, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meterOn } from '../../../worker/meter.js';

/** The SDK's meter, as far as counters that go both ways: the sum of each series. */
function counting(): { readonly sdk: MetricMeter; readonly sums: Map<string, number> } {
  const sums = new Map<string, number>();
  const add = (value: number, tags: MetricTags = {}): void => {
    expect(Number.isInteger(value)).toBe(true);
    const series = JSON.stringify(tags);
    sums.set(series, (sums.get(series) ?? 0) + value);
  };
  const createUpDownCounter: MetricMeter['createUpDownCounter'] = (name) => ({
    ...noopMetricMeter.createUpDownCounter(name),
    add,
  });
  const sdk: MetricMeter = {
    createCounter: (name) => noopMetricMeter.createCounter(name),
    createHistogram: (name) => noopMetricMeter.createHistogram(name),
    createGauge: (name) => noopMetricMeter.createGauge(name),
    createUpDownCounter,
    withTags: () => sdk,
  };
  return { sdk, sums };
}

const observation = record({
  dag: constantFrom('segmentation', 'ventas'),
  value: float({ min: -1e6, max: 1e6, noNaN: true }),
});

describe('a gauge with a sign', () => {
  it('is what was last said of each of its series, in whole seconds', () => {
    assert(
      property(array(observation), (said) => {
        const { sdk, sums } = counting();
        const meter = meterOn(sdk, { warn: (said: object) => expect.fail(JSON.stringify(said)) });
        const last = new Map<string, number>();
        for (const { dag, value } of said) {
          const labels = { dag, kind: 'manual' };
          meter.observe([{ metric: 'segmenta_partition_lateness_seconds', value, labels }]);
          last.set(JSON.stringify(labels), Math.round(value));
        }
        expect([...sums.keys()].toSorted()).toEqual([...last.keys()].toSorted());
        for (const [series, value] of last) expect(sums.get(series)).toBeCloseTo(value);
      }),
    );
  });
});

describe('what cannot be counted', () => {
  it('is said, and keeps nothing else from being counted', () => {
    const { sdk, sums } = counting();
    const said: unknown[] = [];
    const refusing: MetricMeter = {
      ...sdk,
      createGauge: () => {
        throw new TypeError('no gauge');
      },
    };
    const labels = { dag: 'ventas', kind: 'manual' };
    meterOn(refusing, { warn: (line: object) => void said.push(line) }).observe([
      { metric: 'segmenta_run_last_success_timestamp_seconds', value: 1, labels },
      { metric: 'segmenta_partition_lateness_seconds', value: -2, labels },
    ]);
    expect(said).toMatchObject([{ metric: 'segmenta_run_last_success_timestamp_seconds' }]);
    expect([...sums.values()]).toEqual([-2]);
  });
});
