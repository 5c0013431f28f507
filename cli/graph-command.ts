import { Command } from 'commander';
import { drawMermaid } from '../dag/draw-mermaid.js';
import { drawText } from '../dag/draw-text.js';
import { findDag } from './find-dag.js';

export const graphCommand = (): Command =>
  new Command('graph')
    .description('Draws a DAG.')
    .argument('<dag>', 'its id, such as segmentation')
    .option('--mermaid', 'as a Mermaid flowchart')
    .option('--json', 'as data: tasks in a topological order, with inputs and options')
    .action((id: string, options: { readonly mermaid?: true; readonly json?: true }) => {
      const dag = findDag(id);
      if (options.json) console.log(JSON.stringify({ id: dag.id, tasks: dag.tasks, outputs: dag.outputs }, null, 2));
      else console.log(options.mermaid ? drawMermaid(dag) : drawText(dag));
    });
