import { metricMeter } from '@temporalio/workflow';

/** What a pool's workflow says of itself on the metrics of the worker that it is on: docs/metrics.md. */
export const POOL_GAUGES = {
  segmenta_pool_slots_in_use: { is: 'gauge', labels: ['pool'], help: 'Slots of the pool that tasks hold' },
  segmenta_pool_requests_waiting: { is: 'gauge', labels: ['pool'], help: 'Tasks that wait for a slot of the pool' },
} as const;

/** Sets both gauges. Not an event of the history: a replay says nothing, and may come from code without it. */
export function tellPool(pool: string, state: { readonly inUse: number; readonly waiting: number }): void {
  set('segmenta_pool_slots_in_use', state.inUse);
  set('segmenta_pool_requests_waiting', state.waiting);

  function set(name: keyof typeof POOL_GAUGES, value: number): void {
    metricMeter.createGauge(name, 'int', '', POOL_GAUGES[name].help).set(value, { pool });
  }
}
