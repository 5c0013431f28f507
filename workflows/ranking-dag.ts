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
const ranked = task('rankStores', { sold }, { after: [run] });

/** Waits for what `ventas` published for the date, and says which store sold most. */
export const rankingDag = dag('ranking', { ranked }, params);
