// What Temporal's workers bundle: one workflow for each DAG, under the DAG's name.
import { dagWorkflow } from './run-dag.js';
import { segmentationDag } from './segmentation-dag.js';

export const segmentation = dagWorkflow(segmentationDag);
