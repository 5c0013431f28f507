import { NotYet } from '../activities/run-activity.js';
import { artifactsIn } from '../dag/artifact.js';
import type { TaskResult } from '../dag/executor.js';
import type { TaskCall } from '../workflows/task-call.js';
import { errorFields, seconds } from './log-line.js';
import type { LogLine } from './log-line.js';
import type { Observation } from './metric-definitions.js';

/** An attempt of a task that has come to its end. */
export interface EndedAttempt {
  readonly call: TaskCall;
  /** Whether its activity remembers results at all. */
  readonly remembers: boolean;
  /** 1 for the first. */
  readonly attempt: number;
  /** Another attempt follows where this one failed. */
  readonly retried: boolean;
  /** It was told to stop: its run was cancelled, or its worker went. */
  readonly stopped: boolean;
  readonly durationMs: number;
  /** For how long at most the worker's event loop stood still meanwhile, whatever task of it was the cause. */
  readonly blockedMs: number;
  readonly end: { readonly result: TaskResult } | { readonly error: unknown };
}

/** `not_yet`: a sensor that has to look again. */
type AttemptOutcome = 'success' | 'skipped' | 'not_yet' | 'cancelled' | 'failed';

function outcomeOf({ end, stopped }: EndedAttempt): AttemptOutcome {
  if ('result' in end) return end.result.skipped === undefined ? 'success' : 'skipped';
  if (end.error instanceof NotYet) return 'not_yet';
  return stopped ? 'cancelled' : 'failed';
}

/** As `recordFolder` (dag/run-record.ts) puts it together. */
function runOf({ run: { id, record } }: TaskCall): { dag: string; fecha: string | null; run: string; runId: string } {
  const [, dag = '', fecha = ''] = record.split('/');
  const split = id.lastIndexOf('/');
  return { dag, fecha: fecha === 'undated' ? null : fecha, run: id.slice(0, split), runId: id.slice(split + 1) };
}

/** What an attempt adds to the metrics. */
export function attemptObservations(ended: EndedAttempt): Observation[] {
  const { call, durationMs, blockedMs, end } = ended;
  const { dag } = runOf(call);
  const { task } = call;
  const result = 'result' in end ? end.result : undefined;
  const cached = String(result?.cached === true);
  const labels = { dag, task, outcome: outcomeOf(ended), cached };
  const duration: Observation = { metric: 'segmenta_task_duration_seconds', value: durationMs / 1_000, labels };
  const metric = 'segmenta_event_loop_block_seconds';
  const blocked: Observation = { metric, value: blockedMs / 1_000, labels: { dag, task } };
  if (result === undefined) return [duration, blocked];
  return [duration, blocked, ...lookups(ended, dag, result), ...(result.cached ? [] : written(call, dag, result))];
}

/** One that failed may have failed before it asked: it does not count. Nor does who had no need to ask. */
function lookups(
  { call: { mode, task }, remembers }: EndedAttempt,
  dag: string,
  { cached }: TaskResult,
): Observation[] {
  if (!remembers || mode !== 'by-content') return [];
  return [{ metric: 'segmenta_cache_lookups_total', value: 1, labels: { dag, task, result: cached ? 'hit' : 'miss' } }];
}

/** Artifacts that a task hands on as it got them are not its own. */
function written({ task, input }: TaskCall, dag: string, { output }: TaskResult): Observation[] {
  const given = new Set(artifactsIn(input).map(({ sha256 }) => sha256));
  return artifactsIn(output)
    .filter(({ sha256 }) => !given.has(sha256))
    .flatMap(({ kind, rows, bytes }): Observation[] => [
      { metric: 'segmenta_artifact_rows_total', value: rows, labels: { dag, task, kind } },
      { metric: 'segmenta_artifact_bytes_total', value: bytes, labels: { dag, task, kind } },
    ]);
}

/** What the log says of an attempt. */
export function attemptLine(ended: EndedAttempt): LogLine {
  const { call, attempt, durationMs, blockedMs, end } = ended;
  const { task, item } = call;
  const run = runOf(call);
  const outcome = outcomeOf(ended);
  const of = { ...run, task, ...(item === undefined ? {} : { item }) };
  const fields = { event: 'task', ...of, attempt, outcome, durationMs, blockedMs };
  const name = `${run.run} ${task}${item === undefined ? '' : `#${item}`}`;
  const took = `${outcome} in ${seconds(durationMs)}`;
  if ('error' in end) {
    const error = errorFields(end.error);
    const message = `${name}: ${took}, attempt ${attempt}: ${error.type}: ${error.message}`;
    return { level: levelOf(outcome, ended.retried), fields: { ...fields, error }, message };
  }
  const { cached, note, skipped } = end.result;
  const said = skipped ?? note;
  const message = `${name}: ${took}${cached ? ' (cached)' : ''}${said === undefined ? '' : `: ${said}`}`;
  return { level: 'info', fields: { ...fields, cached, ...(said === undefined ? {} : { note: said }) }, message };
}

function levelOf(outcome: AttemptOutcome, retried: boolean): LogLine['level'] {
  if (outcome === 'not_yet') return 'debug';
  if (outcome === 'cancelled') return 'info';
  return retried ? 'warn' : 'error';
}
