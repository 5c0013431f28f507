import type { Dag } from '../dag/dag.js';
import { segmentationDag } from './segmentation-dag.js';

/** Every DAG that can be run, by its id. */
export const DAGS: { readonly [id: string]: Dag } = { [segmentationDag.id]: segmentationDag };
