import { feedersOf, upstreamOf } from './dag.js';
import type { Dag } from './dag.js';

/** Words that Mermaid's flowchart grammar takes for its own, in any position of a node's name. */
const KEYWORDS = new Set([
  'call',
  'class',
  'click',
  'default',
  'end',
  'flowchart',
  'graph',
  'href',
  'style',
  'subgraph',
]);

const node = (id: string): string => (KEYWORDS.has(id.toLowerCase()) ? `task-${id}` : id);

/** The DAG as a Mermaid flowchart, top to bottom; the outputs have rounded ends, edges that are order alone are dotted. */
export function drawMermaid(dag: Dag): string {
  const outputs = new Set(Object.values(dag.outputs));
  const nodes = dag.tasks.map(({ id }) => `  ${node(id)}${outputs.has(id) ? `(["${id}"])` : `["${id}"]`}`);
  const edges = dag.tasks.flatMap((task) => {
    const feeders = feedersOf(task);
    return upstreamOf(task).map((id) => `  ${node(id)} ${feeders.includes(id) ? '-->' : '-.->'} ${node(task.id)}`);
  });
  return ['flowchart TD', ...nodes, ...edges].join('\n');
}
