// The workflow bundle for the test of the saved queries: DAGs with the names that the documentation uses, of one task each.
import { z } from 'zod';
import { calendarDate } from '../../dag/calendar-date.js';
import { pipeline } from '../../dag/pipeline.js';
import { dagWorkflow } from '../../workflows/run-dag.js';

export { callBacks } from '../../workflows/announcements.js';

const params = z.strictObject({ fecha: calendarDate });

type Activities = {
  readonly readSales: (input: { readonly fecha: string }) => Promise<string>;
  readonly fitClusters: (input: { readonly fecha: string }) => Promise<string>;
};

const { param, task, dag } = pipeline<Activities, z.infer<typeof params>>();
const fecha = param('fecha');
const once = { retries: 0 } as const;

export const ventas = dagWorkflow(dag('ventas', { read: task('readSales', { fecha }, once) }, params));
export const segmentation = dagWorkflow(dag('segmentation', { fit: task('fitClusters', { fecha }, once) }, params));
