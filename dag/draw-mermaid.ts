import { upstreamOf } from './dag.js';
import type { Dag } from './dag.js';

/** The DAG as a Mermaid flowchart, top to bottom; the outputs have rounded ends. */
export function drawMermaid(dag: Dag): string {
  const outputs = new Set(Object.values(dag.outputs));
  const nodes = dag.tasks.map(({ id }) => (outputs.has(id) ? `  ${id}([${id}])` : `  ${id}[${id}]`));
  const edges = dag.tasks.flatMap((task) => upstreamOf(task).map((upstream) => `  ${upstream} --> ${task.id}`));
  return ['flowchart TD', ...nodes, ...edges].join('\n');
}
