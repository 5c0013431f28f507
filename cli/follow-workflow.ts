import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import type { TemporalClient } from './temporal-client.js';

const QUERY_TIMEOUT_MS = 3_000;
/** So long without an answer means that nobody works on the queue. */
const NO_WORKER_AFTER_MS = 5_000;

/** What a workflow says of itself; null where no worker answers soon. */
export const answerOf = async <State>(
  client: Client,
  handle: Pick<WorkflowHandle, 'query'>,
  query: QueryDefinition<State>,
): Promise<State | null> =>
  client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, async () => handle.query(query)).catch(() => null);

export interface Watcher<State> {
  onChange(state: State): void;
  say(line: string): void;
}

/**
 * Shows how a workflow stands until `ended` is there, and once more then; gives what was seen last, `initial` where nothing
 * was. Says so where no worker answers.
 */
export async function followWorkflow<State, End extends object>(
  { client, taskQueue }: TemporalClient,
  handle: Pick<WorkflowHandle, 'query'>,
  query: QueryDefinition<State>,
  watching: {
    readonly initial: State;
    readonly ended: Promise<End>;
    readonly everyMs: number;
    readonly watcher: Watcher<State>;
  },
): Promise<{ readonly state: State; readonly end: End }> {
  const { initial, ended, everyMs, watcher } = watching;
  let state = initial;
  let answered = Date.now();
  const look = async (): Promise<void> => {
    const seen = await answerOf(client, handle, query);
    if (seen === null) return;
    answered = Date.now();
    state = seen;
    watcher.onChange(seen);
  };
  let end: End | undefined;
  while (end === undefined) {
    await look();
    if (Date.now() - answered > NO_WORKER_AFTER_MS) {
      watcher.say(`  no worker answers on the queue ${taskQueue}: start one with \`segmenta worker\``);
      answered = Number.POSITIVE_INFINITY;
    }
    end = await Promise.race([ended, sleep(everyMs, undefined)]);
  }
  await look();
  return { state, end };
}
