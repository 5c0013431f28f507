// The workflow bundle in which the histories of `shapes/` were recorded, and are replayed.
import { dagWorkflow } from '../../workflows/run-dag.js';
import { dueDag, mapsDag, poolsDag, stepsDag, waitsDag } from './history-dags.js';

export { callBacks } from '../../workflows/announcements.js';
export { mapChunk } from '../../workflows/map-chunks.js';
export { pool } from '../../workflows/pool.js';

export const steps = dagWorkflow(stepsDag);
export const maps = dagWorkflow(mapsDag);
export const waits = dagWorkflow(waitsDag);
export const pools = dagWorkflow(poolsDag);

type Due = ReturnType<typeof dagWorkflow>;

/** A deadline counts from the start of a date: to miss one within seconds, a recording says how long it is. */
export const due: Due = async (given, options) => {
  const { seconds, ...params } = given as { readonly seconds?: number };
  return dagWorkflow(seconds === undefined ? dueDag : { ...dueDag, deadline: `${seconds} seconds` })(params, options);
};
