import { Command } from 'commander';
import { WorkflowNotFoundError } from '@temporalio/client';
import { progressQuery } from '../workflows/run-dag.js';
import { BadConfig } from '../config/bad-config.js';
import { commandConfig } from './command-config.js';
import { findDag } from './find-dag.js';
import { standing, statusLines } from './status-lines.js';
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
        const stands = standing(status.name, dag, state);
        if (json) console.log(JSON.stringify({ run, runId, status: stands, ...state }));
        else for (const line of statusLines(`${run}: ${stands} (run ${runId})`, dag, state)) console.log(line);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        throw new BadConfig(`Temporal knows no run ${run}: it never ran, or so long ago that its history is gone`);
      } finally {
        await temporal.close();
      }
    });
