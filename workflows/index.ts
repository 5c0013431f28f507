// What Temporal's workers bundle: one workflow for each DAG, under the DAG's name, and what runs of all DAGs use.
import { dagWorkflow } from './run-dag.js';
import { lookalikesDag } from './lookalikes-dag.js';
import { rankingDag } from './ranking-dag.js';
import { segmentationDag } from './segmentation-dag.js';
import { ventasDag } from './ventas-dag.js';

export { callBacks } from './announcements.js';
export { backfill } from './backfill.js';
export { mapChunk } from './map-chunks.js';
export { pool } from './pool.js';
export { scheduledRun } from './scheduled-run.js';

export const segmentation = dagWorkflow(segmentationDag);
export const lookalikes = dagWorkflow(lookalikesDag);
export const ventas = dagWorkflow(ventasDag);
export const ranking = dagWorkflow(rankingDag);
