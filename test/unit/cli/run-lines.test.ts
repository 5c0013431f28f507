import { describe, expect, it } from 'vitest';
import { alignColumns, oneLine } from '../../../cli/columns.js';
import { runLines } from '../../../cli/run-lines.js';
import { momentWords, roughlyWords, tookWords } from '../../../cli/time-words.js';
import { recordedRun } from '../../../dag/recorded-run.js';
import type { RecordedRun } from '../../../dag/recorded-run.js';

const run = (more: Partial<RecordedRun>): RecordedRun => ({
  ...recordedRun({ dag: 'ventas', fecha: '2026-11-16', runId: 'a' }, undefined, []),
  ...more,
});

const times = { startedAt: '2026-11-16T07:44:54.901Z', endedAt: '2026-11-16T07:45:07.001Z' };
const backfill = { kind: 'backfill', backfill: 'b' } as const;

describe('runLines', () => {
  it('have a line a run under a head, and what it failed with below it', () => {
    const message = `Expected\n  the columns ${'x'.repeat(200)}`;
    const tasks = { readSales: { state: 'failed' }, arrival: { state: 'success', cached: true } } as const;
    const failed = run({ outcome: 'failed', ...times, tasks, errors: { readSales: { type: 'BadInput', message } } });
    const [head, ...lines] = runLines([failed, run({ fecha: null, outcome: 'success', origin: backfill })], true);
    expect(head).toBe('     date        outcome  kind      started            took      computed  cached  run');
    expect(lines[0]).toBe('  x  2026-11-16  failed             2026-11-16 07:44Z    12.1 s         0       1  a');
    expect(lines[1]).toMatch(/^ {5}readSales: BadInput: Expected the columns x+…$/);
    expect(lines[2]).toMatch(/^ {2}\+ {2}undated {5}success {2}backfill +0 +0 {2}a$/);
  });

  it('name the DAG where there may be several, and only the task where its error is not known', () => {
    const held = run({ outcome: 'held', tasks: { readSales: { state: 'held' } } });
    const lines = runLines([held], false);
    expect(lines[1]).toMatch(/^ {2}! {2}ventas\/2026-11-16 {2}held/);
    expect(lines[2]).toBe('     readSales');
  });

  it('tell no failure of a run that succeeded in spite of it', () => {
    expect(runLines([run({ outcome: 'success', tasks: { readSales: { state: 'failed' } } })], true)).toHaveLength(2);
  });
});

describe('words of time', () => {
  it.each([
    [null, '', ''],
    [50, '0.1 s', '0.1 s'],
    [59_949, '59.9 s', '59.9 s'],
    [59_960, '1 min 0 s', '1 min'],
    [245_000, '4 min 5 s', '4 min'],
    [3_599_999, '1 h 0 min', '1.0 h'],
    [45_000_000, '12 h 30 min', '12.5 h'],
  ])('%s ms', (ms, exactly, roughly) => {
    expect([tookWords(ms), roughlyWords(ms)]).toEqual([exactly, roughly]);
  });

  it('are of UTC', () => {
    expect(momentWords('2026-11-16T07:44:54.901Z')).toBe('2026-11-16 07:44Z');
    expect(momentWords(null)).toBe('');
  });
});

describe('alignColumns', () => {
  it('puts texts to the left, numbers to the right, and no spaces at the end', () => {
    expect(
      alignColumns([
        ['a', 1, 'x'],
        ['bcd', 100, ''],
      ]),
    ).toEqual(['a      1  x', 'bcd  100']);
    expect(alignColumns([])).toEqual([]);
  });
});

describe('oneLine', () => {
  it('folds and cuts', () => {
    expect([oneLine(' a\n  b ', 5), oneLine('abcdef', 4)]).toEqual(['a b', 'abc…']);
  });
});
