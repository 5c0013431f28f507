import { z } from 'zod';
import type { SensorActivities } from '../activities/sensors/sensor-activities.js';
import type { VentasActivities } from '../activities/ventas/ventas-activities.js';
import { calendarDate } from '../dag/calendar-date.js';
import { pipeline } from '../dag/pipeline.js';
import { timeZone } from '../dag/time-zone.js';

const params = z.strictObject({
  fecha: calendarDate,
  /** In which the date's deadline counts. */
  timeZone: timeZone.default('UTC'),
  /** The day's file in the lake; `{fecha}` stands for the date. */
  key: z.string().default('raw/ventas-{fecha}.csv'),
  /** A day that sold more cannot be right. */
  maxTotal: z.number().positive().default(1_000_000),
  /** A day that sold more is published when somebody approves it. */
  approveAbove: z.number().positive().default(100_000),
  /** With fewer stores the run says so. */
  minStores: z.number().int().min(1).default(2),
});

const { param, field, each, task, map, check, publish, sensor, signal, dag } = pipeline<
  SensorActivities & VentasActivities,
  z.infer<typeof params>
>();

const fecha = param('fecha');

const file = sensor(
  'waitForObject',
  { key: param('key'), fecha },
  { id: 'arrival', every: '2 seconds', within: '12 hours' },
);
const read = task('readSales', { file }, { pool: 'ventas' });
const stores = field(read, 'stores');

const summaries = map('summarizeStore', { store: each(stores) }, { concurrency: 4, pool: 'ventas' });

const totals = check('checkTotals', { day: field(read, 'day'), summaries, maxTotal: param('maxTotal') });
const enough = check('checkStores', { stores, minStores: param('minStores') }, { severity: 'warn' });

const asked = task('askApproval', { summaries, approveAbove: param('approveAbove') });
const approval = signal('approval', z.strictObject({ by: z.string() }), { after: [asked], within: '20 hours' });

const laidOut = task('layOutSales', { summaries });

// On an ordinary day nobody is asked, and the approval is skipped: that is no reason not to publish.
const published = publish(
  'publishSales',
  { fecha, rows: field(laidOut, 'rows') },
  { after: [totals, enough, approval], trigger: 'none_failed', priority: 1 },
);

const alert = task('alertOwner', { fecha }, { after: [summaries, totals], trigger: 'one_failed', cache: 'never' });

/** A day's csv file becomes a row a store: waits for it, adds up, checks, has large days approved, publishes. */
export const ventasDag = dag('ventas', { published, alert }, params, { deadline: '30 hours' });
