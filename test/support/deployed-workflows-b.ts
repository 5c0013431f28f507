// The workflow bundle of build b.
import { dagWorkflow } from '../../workflows/run-dag.js';
import { shortDag, pressDag } from './deployed-dags.js';

export { callBacks } from '../../workflows/announcements.js';
export { pool } from '../../workflows/pool.js';

export const deployed = dagWorkflow(shortDag);
export const press = dagWorkflow(pressDag);
