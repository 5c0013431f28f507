import { BadConfig } from '../config/bad-config.js';
import type { Dag } from '../dag/dag.js';
import { DAGS } from '../workflows/dags.js';

export function findDag(id: string): Dag {
  const dag = DAGS[id];
  if (dag === undefined) throw new BadConfig(`Expected one of the DAGs (${Object.keys(DAGS).join(', ')}), got '${id}'`);
  return dag;
}
