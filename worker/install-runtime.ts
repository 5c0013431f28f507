import { Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import type { RuntimeOptions } from '@temporalio/worker';
import { ALL_ACTIVITIES } from '../activities/all-activities.js';
import type { Log } from './log.js';
import { bucketsByName } from './metric-definitions.js';
import { coreLevel, temporalLogger } from './temporal-logger.js';

/**
 * Sets up what Temporal's SDK does for a whole process, before anything connects: its log is `log`, and its metrics are
 * served at `http://<listen>/metrics`, where that is said. Signals are left to the caller.
 */
export function installRuntime(log: Log, listen: string | undefined): void {
  const options: RuntimeOptions = {
    logger: temporalLogger(log, new Set(Object.keys(ALL_ACTIVITIES))),
    telemetryOptions: {
      // Forwarded: by itself the SDK's core writes to stdout, in colours.
      logging: { filter: makeTelemetryFilterString({ core: coreLevel(log) }), forward: {} },
      ...(listen === undefined ? {} : { metrics: metricsAt(listen) }),
    },
    shutdownSignals: [],
  };
  try {
    Runtime.install(options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (listen === undefined || !reason.includes('prometheus')) throw error;
    throw new Error(
      `Expected to serve metrics at ${listen}, got: ${reason}. Each worker of a machine needs an address of its own: \`metrics.listen\`, or SEGMENTA_METRICS`,
      { cause: error },
    );
  }
}

/** Names by Prometheus' conventions: seconds, units and `_total` at the end. */
const metricsAt = (listen: string): NonNullable<NonNullable<RuntimeOptions['telemetryOptions']>['metrics']> => ({
  attachServiceName: false,
  prometheus: {
    bindAddress: listen,
    countersTotalSuffix: true,
    unitSuffix: true,
    useSecondsForDurations: true,
    histogramBucketOverrides: bucketsByName(),
  },
});
