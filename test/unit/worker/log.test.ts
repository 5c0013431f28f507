import { array, assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogLevel } from '../../../config/log-level.js';
import { logLevel } from '../../../config/log-level.js';
import { hiddenValues, hiding } from '../../../worker/hidden-values.js';
import { createLog, sayLine } from '../../../worker/log.js';
import type { Log } from '../../../worker/log.js';
import { coreLevel, temporalLogger } from '../../../worker/temporal-logger.js';

/** A log, and the lines that it has written. */
function opened({
  level = 'info',
  hidden = [],
  isTTY = false,
}: {
  level?: LogLevel;
  hidden?: string[];
  isTTY?: boolean;
}): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const to = { isTTY, write: (line: string | Uint8Array) => lines.push(String(line)) > 0 };
  return { log: createLog({ level, hidden, to }), lines };
}

const parsed = (lines: readonly string[]): unknown[] => lines.map((line) => JSON.parse(line) as unknown);

describe('the log', () => {
  it('is a line of JSON an event', () => {
    const { log, lines } = opened({});
    sayLine(log, { level: 'warn', fields: { event: 'task', task: 'read' }, message: 'two\nlines' });
    sayLine(log, { level: 'debug', fields: {}, message: 'not said' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(parsed(lines)).toEqual([
      expect.objectContaining({ level: 'warn', event: 'task', task: 'read', msg: 'two\nlines', pid: process.pid }),
    ]);
    expect(parsed(lines)).toEqual([expect.objectContaining({ time: expect.stringMatching(/^\d{4}-.*Z$/) })]);
  });

  it('is text on a terminal: an event by its message, else the fields after it; no part of it passes for another line', () => {
    const { log, lines } = opened({ isTTY: true });
    log.info({ event: 'run', dag: 'a' }, 'a: ended\r\n\u001B[31mwell\u2028there');
    log.warn({ component: 'core', error: { type: 'E', message: 'm' } }, 'poll failed');
    expect(lines.map((line) => line.replace(/^\d\d:\d\d:\d\d /, ''))).toEqual([
      `info  a: ended\n${' '.repeat(15)} [31mwell there\n`,
      'warn  poll failed component=core error={"type":"E","message":"m"}\n',
    ]);
  });

  it('never has a hidden value, in whatever field', () => {
    const { log, lines } = opened({ hidden: ['s3cr"et\\value', 'https://hooks.test/abc'] });
    log.error({ error: { message: 'key s3cr"et\\value refused' } }, 'told https://hooks.test/abc: no');
    expect(parsed(lines)).toEqual([
      expect.objectContaining({ error: { message: 'key [hidden] refused' }, msg: 'told [hidden]: no' }),
    ]);
  });

  it('stays JSON whatever is hidden', () => {
    const values = array(string({ minLength: 6, unit: constantFrom('n', 'u', '0', '"', '\\', '\n', 'a') }), {
      maxLength: 4,
    });
    assert(
      property(values, string({ unit: constantFrom('n', '\n', '\\', '"') }), (hidden, around) => {
        const hide = hiding(hidden);
        const { message } = JSON.parse(hide(JSON.stringify({ message: hidden.join(around) }))) as { message: string };
        expect(hidden.filter((value) => message === value)).toEqual([]);
      }),
    );
  });
});

describe('what is hidden', () => {
  it('are keys, and addresses of callbacks that say more than a host', () => {
    const callbacks = [
      { url: 'https://hooks.test/T0/B0/xyz', on: ['failure'], secret: 'of the callback' },
      { url: 'https://plain.test', on: ['failure'] },
    ] as const;
    const temporal = { namespace: 'default', taskQueue: 'q', apiKey: 'of temporal' };
    const env = { AWS_SECRET_ACCESS_KEY: 'of the lake', AWS_SESSION_TOKEN: 'short' };
    expect(hiddenValues(env, { temporal, callbacks })).toEqual([
      'of the lake',
      'of temporal',
      'of the callback',
      'https://hooks.test/T0/B0/xyz',
    ]);
    expect(hiddenValues({})).toEqual([]);
  });
});

describe('what the SDK says', () => {
  const attempt = {
    sdkComponent: 'worker',
    activityType: 'readSales',
    activityId: 'summarizeStore#3',
    workflowId: 'ventas/2026-11-16',
    workflowRunId: 'r-1',
    attempt: 2,
    taskToken: 'opaque',
    error: new TypeError('x is not a function'),
  };

  it('has our names for its fields, and its errors by type and message', () => {
    const { log, lines } = opened({});
    temporalLogger(log, new Set()).warn('Activity failed', attempt);
    const [line] = parsed(lines);
    expect(line).toMatchObject({
      level: 'warn',
      msg: 'Activity failed',
      component: 'worker',
      run: 'ventas/2026-11-16',
      runId: 'r-1',
      task: 'summarizeStore',
      attempt: 2,
      error: { type: 'TypeError', message: 'x is not a function' },
    });
    expect(line).not.toHaveProperty('taskToken');
  });

  it('is not said where we say it, nor where nothing is amiss', () => {
    const { log, lines } = opened({});
    const logger = temporalLogger(log, new Set(['readSales']));
    logger.warn('Activity failed', attempt);
    logger.warn('No workflows registered, not polling for workflow tasks', { sdkComponent: 'worker' });
    logger.info('Worker state changed', { sdkComponent: 'worker' });
    expect(lines).toEqual([]);
  });

  it('keeps its level where it comes from a workflow of ours', () => {
    const { log, lines } = opened({});
    temporalLogger(log, new Set()).info('told', { sdkComponent: 'workflow' });
    expect(parsed(lines)).toEqual([expect.objectContaining({ level: 'info', msg: 'told' })]);
  });

  it('comes from its core from the level on that is shown', () => {
    const core = (level: LogLevel): string => coreLevel(opened({ level }).log);
    expect((['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const).map(core)).toEqual([
      'DEBUG',
      'INFO',
      'WARN',
      'WARN',
      'ERROR',
      'ERROR',
    ]);
  });
});

describe('SEGMENTA_LOG_LEVEL', () => {
  it('is info where nothing is said, and nothing but a level', () => {
    expect([logLevel({}), logLevel({ SEGMENTA_LOG_LEVEL: '' }), logLevel({ SEGMENTA_LOG_LEVEL: 'debug' })]).toEqual([
      'info',
      'info',
      'debug',
    ]);
    expect(() => logLevel({ SEGMENTA_LOG_LEVEL: 'loud' })).toThrow(
      'environment: SEGMENTA_LOG_LEVEL: Expected one of trace, debug, info, warn, error, silent',
    );
  });
});
