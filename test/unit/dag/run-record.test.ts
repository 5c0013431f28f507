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
    ingest: { state: 'success', check },
    clean: { state: 'failed', error: { type: 'BadInput', message: 'x'.repeat(1_000) } },
    count: { state: 'skipped' },
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
  it('tells how it ended: its tasks by state, errors cut short, checks, and what was done to it', () => {
    expect(runRecord(facts, state)).toEqual({
      ...facts,
      dag: 'shop',
      outcome: 'failed',
      startedAt: '1970-01-01T00:00:00.000Z',
      endedAt: '1970-01-01T00:00:01.000Z',
      tasks: { success: ['ingest'], failed: ['clean'], skipped: ['count'], upstream_failed: ['publish-shop'] },
      errors: { clean: { type: 'BadInput', message: 'x'.repeat(600) } },
      checks: { ingest: check },
      audit: state.audit,
    });
  });

  it('survives JSON', () => {
    const record = runRecord(facts, state);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  it('lies under its DAG, its date and its id', () => {
    expect(recordFolder('shop', '2017-07-03', 'one')).toBe('runs/shop/2017-07-03/one');
    expect(recordFolder('shop', null, 'one')).toBe('runs/shop/undated/one');
  });
});
