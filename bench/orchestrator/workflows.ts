// What the bench's worker bundles.
import { dagWorkflow } from '../../workflows/run-dag.js';
import { chainDag, fanOutDag } from './dags.js';

export const chain = dagWorkflow(chainDag);
export const fanOut = dagWorkflow(fanOutDag);
export { plainChain, plainFanOut } from './plain-workflows.js';
