import { BadConfig } from '../config/bad-config.js';
import type { Dag } from '../dag/dag.js';
import { DAGS } from '../workflows/dags.js';

/** Throws `BadConfig` with the list of those there are. */
export function findDag(id: string): Dag {
  const dag = Object.hasOwn(DAGS, id) ? DAGS[id] : undefined;
  if (dag === undefined) throw new BadConfig(`Expected one of the DAGs (${Object.keys(DAGS).join(', ')}), got '${id}'`);
  return dag;
}
