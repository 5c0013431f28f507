import { z } from 'zod';
import type { SensorActivities } from '../activities/sensors/sensor-activities.js';
import type { VentasActivities } from '../activities/ventas/ventas-activities.js';
import { calendarDate } from '../dag/calendar-date.js';
import { pipeline } from '../dag/pipeline.js';

const params = z.strictObject({ fecha: calendarDate });

const { param, constant, task, sensor, dag } = pipeline<SensorActivities & VentasActivities, z.infer<typeof params>>();

const fecha = param('fecha');
const wait = { every: '2 seconds', within: '24 hours' } as const;

const run = sensor('waitForRun', { dag: constant('ventas'), fecha }, { ...wait, id: 'ventasRun' });
const sold = sensor(
  'waitForPartition',
  { table: constant('ventas_tienda'), fecha },
  { ...wait, id: 'ventasPartition' },
);

// Not every day has targets: who comes too late with them is not waited for.
const targets = sensor(
  'waitForObject',
  { key: constant('raw/metas-{fecha}.json'), fecha },
  { id: 'targets', every: '1 second', within: '3 seconds', late: 'skip' },
);

const ranked = task('rankStores', { sold, targets }, { after: [run], trigger: 'none_failed', queue: 'compute' });

/** Waits for what `ventas` published for the date, and says which stores did best. */
export const rankingDag = dag('ranking', { ranked }, params);
