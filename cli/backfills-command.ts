import { Command } from 'commander';
import { z } from 'zod';
import { figuresLine } from './backfill-lines.js';
import { commandConfig } from './command-config.js';
import { answerOf } from './follow-workflow.js';
import { drawTable } from './table.js';
import { connectTemporal } from './temporal-client.js';
import type { TemporalClient } from './temporal-client.js';
import { backfillQuery } from '../workflows/backfill.js';

interface ListedBackfill {
  readonly backfill: string;
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly range: string;
  /** Of one at work, where a worker answers. */
  readonly dates: string;
}

/** What `startBackfill` notes; one that was started otherwise has none. */
const range = z.object({ dates: z.number(), first: z.string(), last: z.string() });

/** The newest first; those whose history the server has dropped are gone. */
const LISTED = 30;

export const backfillsCommand = (): Command =>
  new Command('backfills')
    .description('Lists backfills, the newest first.')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }, command: Command) => {
      const temporal = await connectTemporal(await commandConfig(command));
      try {
        const backfills = await listBackfills(temporal);
        if (json) console.log(JSON.stringify(backfills));
        else if (backfills.length === 0) console.log('no backfills');
        else {
          const head = ['backfill', 'status', 'started', 'ended', 'range', 'dates'];
          console.log(
            drawTable(
              head,
              backfills.map((listed) => Object.values(listed) as readonly unknown[]),
            ),
          );
        }
      } finally {
        await temporal.close();
      }
    });

async function listBackfills({ client }: TemporalClient): Promise<readonly ListedBackfill[]> {
  const query = `WorkflowType = 'backfill' AND ExecutionStatus != 'ContinuedAsNew'`;
  const found: ListedBackfill[] = [];
  for await (const { workflowId, status, startTime, closeTime, memo } of client.workflow.list({
    query,
    pageSize: LISTED,
  })) {
    if (found.length === LISTED) break;
    const told = range.safeParse(memo).data;
    const isAtWork = status.name === 'RUNNING';
    found.push({
      backfill: workflowId.replace(/^backfill\//, ''),
      status: isAtWork ? 'running' : status.name === 'COMPLETED' ? 'success' : status.name.toLowerCase(),
      startedAt: startTime.toISOString(),
      endedAt: closeTime?.toISOString() ?? null,
      range: told === undefined ? '' : `${told.first} to ${told.last}`,
      dates: isAtWork ? await figures(client, workflowId) : told === undefined ? '' : `${told.dates} dates`,
    });
  }
  return found;
}

async function figures(client: TemporalClient['client'], workflowId: string): Promise<string> {
  const state = await answerOf(client, client.workflow.getHandle(workflowId), backfillQuery);
  return state === null ? 'no worker answers' : figuresLine(state, Date.now());
}
