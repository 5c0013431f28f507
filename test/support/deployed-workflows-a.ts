// The workflow bundle of build a.
import { dagWorkflow } from '../../workflows/run-dag.js';
import { longDag, pressDag } from './deployed-dags.js';

export { callBacks } from '../../workflows/announcements.js';
export { pool } from '../../workflows/pool.js';

export const deployed = dagWorkflow(longDag);
export const press = dagWorkflow(pressDag);
