import type { ActivityOf } from '../define-activity.js';
import { waitForObject } from './wait-for-object.js';
import { waitForPartition } from './wait-for-partition.js';
import { waitForRun } from './wait-for-run.js';

/** What any DAG's sensors can wait for, by the name they use. */
export const sensorActivities = { waitForObject, waitForPartition, waitForRun };

export type SensorActivities = {
  readonly [Name in keyof typeof sensorActivities]: ActivityOf<(typeof sensorActivities)[Name]>;
};
