import type { ActivityDefinition } from './define-activity.js';
import { lookalikesActivities } from './lookalikes/lookalikes-activities.js';
import { segmentationActivities } from './segmentation-activities.js';
import { sensorActivities } from './sensors/sensor-activities.js';
import { ventasActivities } from './ventas/ventas-activities.js';

/** Every activity that a worker offers, by name. A DAG of your own adds its activities here. */
export const ALL_ACTIVITIES: { readonly [name: string]: ActivityDefinition<never, unknown> } = {
  ...sensorActivities,
  ...segmentationActivities,
  ...lookalikesActivities,
  ...ventasActivities,
};
