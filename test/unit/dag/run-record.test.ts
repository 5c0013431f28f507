import { describe, expect, it } from 'vitest';
import { wholePlan } from '../../../dag/run-plan.js';
import { MANUAL } from '../../../dag/run-origin.js';
import { recordFolder, runRecord } from '../../../dag/run-record.js';
import type { RunState } from '../../../dag/run-state.js';
import { shopDag } from './sample-dag.js';

const shop = shopDag();
const check = { passed: false, severity: 'warn', figures: { rows: 3 }, message: 'few' } as const;
const state: RunState = {
  dag: 'shop',
  paused: false,
  audit: [{ at: 5, who: 'ana', why: 'to see', action: 'skip count' }],
  tasks: {
    ingest: { state: 'success', check, cached: true, attempts: 2, startedAt: 1, endedAt: 3, note: '3 rows' },
    clean: { state: 'failed', error: { type: 'BadInput', message: 'x'.repeat(1_000) } },
    count: {
      state: 'skipped',
      items: [{ state: 'success' }, { state: 'success', cached: true }, { state: 'skipped' }, { state: 'success' }],
    },
    'publish-shop': { state: 'upstream_failed' },
  },
};
const facts = {
  dag: shop,
  fecha: '2017-07-03',
  run: 'shop/2017-07-03',
  runId: 'one',
  params: { source: 'a' },
  plan: wholePlan(shop),
  origin: MANUAL,
  startedAt: new Date(0),
  endedAt: new Date(1_000),
};

describe('the record of a run', () => {
  it('tells how it ended: every task, errors cut short, items counted, checks, and what was done to it', () => {
    expect(runRecord(facts, state)).toEqual({
      ...facts,
      dag: 'shop',
      outcome: 'failed',
      startedAt: '1970-01-01T00:00:00.000Z',
      endedAt: '1970-01-01T00:00:01.000Z',
      tasks: { success: ['ingest'], failed: ['clean'], skipped: ['count'], upstream_failed: ['publish-shop'] },
      states: {
        ingest: { state: 'success', cached: true, attempts: 2, startedAt: 1, endedAt: 3, note: '3 rows' },
        clean: { state: 'failed' },
        count: { state: 'skipped', items: { success: 2, cached: 1, skipped: 1 } },
        'publish-shop': { state: 'upstream_failed' },
      },
      errors: { clean: { type: 'BadInput', message: `${'x'.repeat(599)}…` } },
      checks: { ingest: check },
      audit: state.audit,
    });
  });

  it('survives JSON', () => {
    const record = runRecord(facts, state);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  it('keeps every task and the first errors within 15 KiB where a hundred tasks fail at length', () => {
    const ids = Array.from({ length: 100 }, (_, i) => `task-${i}`);
    const error = { type: 'PermanentError', message: 'é'.repeat(2_000) };
    const tasks = Object.fromEntries(
      ids.map((id) => [
        id,
        { state: 'failed' as const, startedAt: 1_700_000_000_000, endedAt: 1_700_000_000_001, error },
      ]),
    );
    const audit = Array.from({ length: 500 }, (_, at) => ({ at, who: 'ana', why: 'é'.repeat(300), action: 'retry' }));
    const record = runRecord(facts, { ...state, tasks, audit });
    expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThanOrEqual(15 * 1024);
    expect(Object.keys(record.states ?? {})).toEqual(ids);
    expect(record.tasks.failed).toEqual(ids);
    expect(record.errors['task-0']?.message).toHaveLength(100);
    expect(record.audit.at(-1)?.at).toBe(499);
  });

  it('lies under its DAG, its date and its id', () => {
    expect(recordFolder('shop', '2017-07-03', 'one')).toBe('runs/shop/2017-07-03/one');
    expect(recordFolder('shop', null, 'one')).toBe('runs/shop/undated/one');
  });
});
