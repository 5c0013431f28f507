import { upstreamOf } from './dag.js';
import type { Dag } from './dag.js';

/**
 * The DAG for a terminal: one line a task in the order they can run, tasks of one step side by side in time, and beside
 * each what it waits for.
 *
 *     step 1  ingest
 *     step 2  clean        <- ingest
 *             count        <- ingest
 *     step 3  publish      <- clean, count
 */
export function drawText(dag: Dag): string {
  const steps = new Map<string, number>();
  for (const task of dag.tasks) {
    steps.set(task.id, 1 + Math.max(0, ...upstreamOf(task).map((id) => steps.get(id) ?? 0)));
  }
  const width = Math.max(...dag.tasks.map(({ id }) => id.length));
  const ordered = dag.tasks.toSorted((a, b) => (steps.get(a.id) ?? 0) - (steps.get(b.id) ?? 0));
  const stepWidth = `step ${Math.max(...steps.values())}`.length;
  let shown = 0;
  const lines = ordered.map((task) => {
    const step = steps.get(task.id) ?? 0;
    const head = (step === shown ? '' : `step ${step}`).padEnd(stepWidth);
    shown = step;
    const from = upstreamOf(task);
    const name = from.length === 0 ? task.id : `${task.id.padEnd(width)}  <- ${from.join(', ')}`;
    return `${head}  ${name}`;
  });
  const outputs = Object.entries(dag.outputs).map(([name, id]) => (name === id ? name : `${name} (${id})`));
  return [
    `${dag.id}: ${dag.tasks.length} ${dag.tasks.length === 1 ? 'task' : 'tasks'}`,
    ...lines,
    `outputs: ${outputs.join(', ')}`,
  ].join('\n');
}
