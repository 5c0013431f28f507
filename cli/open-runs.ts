import { connect } from 'node:net';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { Config } from '../config/load-config.js';
import { isCalendarDate } from '../dag/calendar-date.js';
import type { RecordedOutcome, RecordedRun, RunName } from '../dag/recorded-run.js';
import { recordedRun } from '../dag/recorded-run.js';
import type { RunOrigin } from '../dag/run-origin.js';
import { temporalAddress } from '../infra/temporal-address.js';
import { connectTemporal } from './temporal-client.js';

/** What the lake cannot tell: which runs are at work, and what became of those that left no end. */
export interface RunServer {
  /** null where none answers: then no run is known to be at work. */
  readonly address: string | null;
  /** Why none answers; empty where one does. */
  readonly absence: string;
  /** By run id. */
  readonly open: ReadonlyMap<string, RecordedRun>;
  /** The run with what the server knows of it, where its records do not tell its end. */
  completed(run: RecordedRun): Promise<RecordedRun>;
  close(): Promise<void>;
}

/** Temporal's words for the end of a workflow, where they are not ours. */
const ENDS: { readonly [status: string]: RecordedOutcome } = {
  COMPLETED: 'success',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed_out',
};

/** Asks the configured server for the open runs of these DAGs. The lake tells the rest also where none answers. */
export async function openRuns(config: Config, dags: readonly string[]): Promise<RunServer> {
  return askServer(config, dags).catch((error: unknown) => ({
    address: null,
    absence: error instanceof Error ? error.message : String(error),
    open: new Map<string, RecordedRun>(),
    completed: async (run) => run,
    close: async () => {},
  }));
}

async function askServer(config: Config, dags: readonly string[]): Promise<RunServer> {
  const { address: said } = await temporalAddress(config.temporal, config.home);
  if (!(await listens(said))) throw new Error(`no Temporal server answers at ${said}`);
  const { client, address, close } = await connectTemporal(config);
  const open = new Map<string, RecordedRun>();
  const types = dags.map((dag) => `'${dag}'`).join(', ');
  try {
    for await (const info of client.workflow.list({
      query: `WorkflowType IN (${types}) AND ExecutionStatus = 'Running'`,
    })) {
      open.set(info.runId, openRun(info));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const statusOf = async ({ dag, fecha, runId }: RunName): Promise<RecordedOutcome> => {
    try {
      const { status } = await client.workflow.getHandle(`${dag}/${fecha}`, runId).describe();
      return status.name === 'RUNNING' ? 'running' : (ENDS[status.name] ?? 'unfinished');
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'unfinished';
      throw error;
    }
  };
  return {
    address,
    absence: '',
    open,
    close,
    completed: async (run) => {
      if (run.outcome !== 'unfinished' || isLocal(run)) return run;
      const known = open.get(run.runId);
      if (known === undefined) return { ...run, outcome: await statusOf(run) };
      return { ...known, tasks: { ...run.tasks, ...known.tasks } };
    },
  };
}

const LISTENS_WITHIN_MS = 2_000;
/** Of Temporal, where an address names none. */
const DEFAULT_PORT = 7233;

/** The client's own connection is tried for seconds, also where nobody is there: these commands are to be quick. */
async function listens(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replaceAll(/[[\]]/g, ''),
      port: port === '' ? DEFAULT_PORT : Number(port),
      timeout: LISTENS_WITHIN_MS,
    });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

/** A run in a process of its own, of which no server knows. */
const isLocal = ({ runId }: RunName): boolean => runId.startsWith('local-');

function openRun({ type, workflowId, runId, startTime, searchAttributes }: WorkflowExecutionInfo): RecordedRun {
  const said = (name: string): string | undefined => {
    const value = searchAttributes[name]?.[0];
    return typeof value === 'string' ? value : undefined;
  };
  // Before its worker has begun with it, a run has a name and nothing else.
  const date = workflowId.slice(type.length + 1);
  const name = { dag: type, fecha: said('FechaModelo') ?? (isCalendarDate(date) ? date : null), runId };
  const held = said('FailedTask');
  return {
    ...recordedRun(name, undefined, []),
    outcome: held === undefined ? 'running' : 'held',
    origin: originOf(said('RunKind'), said('BackfillId')),
    startedAt: startTime.toISOString(),
    tasks: held === undefined ? {} : { [held]: { state: 'held' } },
  };
}

/** The schedule's name is in the run's record, not among the search attributes. */
function originOf(kind: string | undefined, backfill = ''): RunOrigin | null {
  if (kind === 'manual') return { kind };
  if (kind === 'scheduled') return { kind, schedule: '' };
  return kind === 'backfill' ? { kind, backfill } : null;
}
