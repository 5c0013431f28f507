import { Command } from 'commander';
import { WorkflowNotFoundError } from '@temporalio/client';
import { tasksIn } from '../dag/run-state.js';
import type { RunState } from '../dag/run-state.js';
import { progressQuery } from '../workflows/run-dag.js';
import { BadConfig } from '../config/bad-config.js';
import { commandConfig } from './command-config.js';
import { findDag } from './find-dag.js';
import { taskLine } from './progress-lines.js';
import { connectTemporal } from './temporal-client.js';

export const statusCommand = (): Command =>
  new Command('status')
    .description('Says how a run stands: its tasks, what it waits for, what operators did.')
    .argument('<dag>', 'its id, such as segmentation')
    .requiredOption('--fecha <date>', 'fecha_modelo of the run')
    .option('--json', 'as JSON')
    .action(async (id: string, { fecha, json }: { fecha: string; json?: true }, command: Command) => {
      const dag = findDag(id);
      const run = `${dag.id}/${fecha}`;
      const temporal = await connectTemporal(await commandConfig(command));
      try {
        const handle = temporal.client.workflow.getHandle(run);
        const { status, runId } = await handle.describe();
        const state = await handle.query(progressQuery);
        const stands = standing(status.name, state);
        if (json) console.log(JSON.stringify({ run, runId, status: stands, ...state }));
        else for (const line of statusLines(`${run}: ${stands} (run ${runId})`, state)) console.log(line);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        throw new BadConfig(`Temporal knows no run ${run}: it never ran, or so long ago that its history is gone`);
      } finally {
        await temporal.close();
      }
    });

/** Temporal's words for how a run ended, in those of `run` and of records. */
const ENDED: { readonly [status: string]: string } = { COMPLETED: 'success' };

/** What an operator calls it: a run that Temporal calls running may wait for them. */
export function standing(status: string, run: RunState): string {
  if (status !== 'RUNNING') return ENDED[status] ?? status.toLowerCase();
  if (tasksIn(run, 'held').length > 0) return `held at ${tasksIn(run, 'held').join(', ')}`;
  return run.paused ? 'paused' : 'running';
}

function statusLines(title: string, { tasks, audit }: RunState): string[] {
  const width = Math.max(...Object.keys(tasks).map((id) => id.length));
  const said = audit.map(({ at, who, why, action }) => `  * ${new Date(at).toISOString()} ${action} by ${who}: ${why}`);
  return [title, ...Object.entries(tasks).map(([id, task]) => taskLine(id, task, width)), ...said];
}
