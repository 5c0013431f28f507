import type { LogLevel, LogMetadata, Logger } from '@temporalio/common';
import { errorFields } from './log-line.js';
import type { Log } from './log.js';

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** What is information to the SDK's developers is for our debugging. */
const OF_THE_SDK: { readonly [level in LogLevel]: Level } = {
  TRACE: 'trace',
  DEBUG: 'trace',
  INFO: 'debug',
  WARN: 'warn',
  ERROR: 'error',
};

/** Said by code of ours in a workflow or an activity: the SDK itself says nothing in their names. */
const OURS = new Set(['workflow', 'activity']);
const OF_OURS: { readonly [level in LogLevel]: Level } = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/** Nothing is amiss: of our two workers, the one for kernels runs no workflows. */
const EXPECTED = 'No workflows registered, not polling for workflow tasks';

/** The SDK's names of what has a name here. */
const NAMES: { readonly [name: string]: string } = {
  workflowId: 'run',
  workflow_id: 'run',
  workflowRunId: 'runId',
  run_id: 'runId',
  sdkComponent: 'component',
};

/** Opaque, or about the SDK's insides. */
const LEFT_OUT = new Set(['taskToken', 'task_token', 'error']);

/** From which level on the SDK's core has to hand its lines over, for all that a log shows. */
export const coreLevel = (log: Log): LogLevel => {
  if (log.isLevelEnabled('trace')) return 'DEBUG';
  if (log.isLevelEnabled('debug')) return 'INFO';
  return log.isLevelEnabled('warn') ? 'WARN' : 'ERROR';
};

/**
 * Brings what Temporal's SDK says, its native core included, into a log. Failed attempts of the activities `told` are
 * said elsewhere, with more to go by.
 */
export function temporalLogger(log: Log, told: ReadonlySet<string>): Logger {
  const say = (level: LogLevel, message: string, meta: LogMetadata = {}): void => {
    const name = levelOf(level, message, meta, told);
    // Most of what the SDK says is not shown.
    if (log.isLevelEnabled(name)) log[name](fieldsOf(meta), message);
  };
  return {
    log: say,
    trace: (message, meta) => say('TRACE', message, meta),
    debug: (message, meta) => say('DEBUG', message, meta),
    info: (message, meta) => say('INFO', message, meta),
    warn: (message, meta) => say('WARN', message, meta),
    error: (message, meta) => say('ERROR', message, meta),
  };
}

function levelOf(level: LogLevel, message: string, meta: LogMetadata, told: ReadonlySet<string>): Level {
  if (OURS.has(String(meta['sdkComponent']))) return OF_OURS[level];
  const saidElsewhere = message === 'Activity failed' && told.has(String(meta['activityType']));
  return message === EXPECTED || saidElsewhere ? 'debug' : OF_THE_SDK[level];
}

function fieldsOf(meta: LogMetadata): { readonly [field: string]: unknown } {
  const fields: { [field: string]: unknown } = {};
  for (const [name, value] of Object.entries(meta)) {
    if (LEFT_OUT.has(name) || !['string', 'number', 'boolean'].includes(typeof value)) continue;
    fields[NAMES[name] ?? name] = value;
  }
  const { activityId, error } = meta;
  // Tasks call their activities by their own ids, items of maps with a number after it.
  if (typeof activityId === 'string' && meta['isLocal'] !== true) fields['task'] = activityId.split('#')[0];
  if (error !== undefined) fields['error'] = errorFields(error);
  return fields;
}
