import type { Dag } from '../dag/dag.js';
import { lookalikesDag } from './lookalikes-dag.js';
import { rankingDag } from './ranking-dag.js';
import { segmentationDag } from './segmentation-dag.js';
import { ventasDag } from './ventas-dag.js';

/** Every DAG that can be run, by its id. A DAG of your own adds itself here and in `index.ts`. */
export const DAGS: { readonly [id: string]: Dag } = {
  [segmentationDag.id]: segmentationDag,
  [lookalikesDag.id]: lookalikesDag,
  [ventasDag.id]: ventasDag,
  [rankingDag.id]: rankingDag,
};
