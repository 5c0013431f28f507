// The workflow bundle of the test worker.
import { dagWorkflow } from '../../workflows/run-dag.js';
import { lateDag, numbersDag, patientDag } from './contract-dags.js';

export const numbers = dagWorkflow(numbersDag);
export const late = dagWorkflow(lateDag);
export const patient = dagWorkflow(patientDag);
