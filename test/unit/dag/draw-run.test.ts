import { describe, expect, it } from 'vitest';
import { drawRun, seconds } from '../../../dag/draw-run.js';
import type { RunState, TaskState } from '../../../dag/run-state.js';

const run = (tasks: { readonly [id: string]: TaskState }): RunState => ({
  dag: 'shop',
  tasks,
  paused: false,
  audit: [],
});
const failed = (message: string): TaskState => ({ state: 'failed', error: { type: 'BadInput', message } });

/** The cells of the table's body. */
const cells = (markdown: string): string[][] =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) =>
      line.split(' | ').map((cell) =>
        cell
          .replace(/^\| | \|$/g, '')
          .replace(/\u00A0{3}$/, '')
          .replaceAll('\u00A0', ' '),
      ),
    );

describe('drawRun', () => {
  it('is a table with a row a task: its state in words, its time, what it made', () => {
    const markdown = drawRun(
      run({
        ingest: { state: 'success', startedAt: 1_000, endedAt: 3_460, note: '2,468 customers', cached: false },
        clean: { state: 'success', startedAt: 0, endedAt: 10, cached: true, note: '9 rows' },
        count: { state: 'running', startedAt: 5_000 },
        publish: { state: 'waiting' },
      }),
    );
    expect(markdown.split('\n')[1]).toBe('|---|---|---|---|');
    expect(cells(markdown)).toEqual([
      ['ingest', '✅ success', '2.5 s', '2,468 customers'],
      ['clean', '♻️ cached', '0.0 s', '9 rows'],
      ['count', '▶️ running', '', ''],
      ['publish', '⏳ waiting', '', ''],
    ]);
  });

  it('pads every cell with three no-break spaces: the page gives them no room', () => {
    const lines = drawRun(run({ a: { state: 'waiting' } })).split('\n');
    for (const line of [lines[0], lines[2]]) expect(line?.match(/\u00A0{3} \|/g)).toHaveLength(4);
  });

  it('says why tasks failed above the table', () => {
    const markdown = drawRun(run({ a: failed('no dni'), b: { state: 'upstream_failed' } }));
    expect(markdown.indexOf('**a** failed: BadInput: no dni\n\n')).toBe(0);
    expect(cells(markdown).map(([id, state]) => [id, state])).toEqual([
      ['a', '❌ **failed**'],
      ['b', '⛔ upstream_failed'],
    ]);
  });

  it('lets nothing of an error or a note be taken for Markdown, HTML or a new row', () => {
    const markdown = drawRun(
      run({ a: failed('# in `x_*.csv`:\n| <b> [a](b) &amp;'), b: { state: 'success', note: 'a|b\nc' } }),
    );
    expect(markdown.split('\n')[0]).toBe(
      String.raw`**a** failed: BadInput: \# in \`x\_\*.csv\`: \| \<b\> \[a\](b) \&amp;`,
    );
    expect(markdown.split('\n').at(-1)).toContain(String.raw`a\|b c`);
    expect(markdown.split('\n')).toHaveLength(6);
  });

  it('stays within a few KB however long the errors are and however many', () => {
    const tasks = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`task${i}`, failed('x'.repeat(10_000))]));
    const markdown = drawRun(run(tasks));
    expect(Buffer.byteLength(markdown)).toBeLessThan(4_096);
    expect(markdown).toContain('**task2** failed');
    expect(markdown).toContain('17 more failed');
    expect(Buffer.byteLength(drawRun(run({ a: { state: 'success', note: 'x'.repeat(9_999) } })))).toBeLessThan(500);
  });
});

describe('drawRun of a run under way', () => {
  it('says first what is held, and what an operator can do', () => {
    const held: TaskState = { state: 'held', error: { type: 'BadInput', message: 'no dni' } };
    const lines = drawRun(run({ ingest_a: held, b: { state: 'waiting' } })).split('\n');
    expect(lines[0]).toBe(String.raw`✋ **Held**: ingest\_a. Retry, skip or mark it, or release the run`);
    expect(lines[2]).toBe(String.raw`**ingest\_a** failed: BadInput: no dni`);
  });

  it('says that it is paused', () => {
    const paused: RunState = { ...run({ a: { state: 'waiting' } }), paused: true };
    expect(drawRun(paused).split('\n')[0]).toBe('⏸️ **Paused**: nothing more starts until it is resumed');
  });

  it('has a word for every state', () => {
    const states = ['queued', 'deferred', 'held', 'skipped', 'cancelled', 'excluded'] as const;
    const drawn = cells(drawRun(run(Object.fromEntries(states.map((state) => [state, { state }])))));
    expect(drawn.map(([, state]) => state)).toEqual([
      '🎟️ queued',
      '💤 deferred',
      '✋ **held**',
      '⏭️ skipped',
      '⏹️ cancelled',
      '▫️ excluded',
    ]);
  });

  it('counts the items of a map until it says itself what it made', () => {
    const items = (['success', 'skipped', 'failed', 'running', 'waiting'] as const).map((state) => ({ state }));
    const markdown = drawRun(
      run({
        map: { state: 'running', items },
        easy: { state: 'running', items: items.slice(0, 2) },
        done: { state: 'success', items, note: '5 items: 5 computed' },
      }),
    );
    expect(cells(markdown).map((row) => row[3])).toEqual([
      '3 of 5 items, 1 failed',
      '2 of 2 items',
      '5 items: 5 computed',
    ]);
  });

  it('warns of a check that did not pass and does not block, in its own words', () => {
    const check = { passed: false, severity: 'warn', figures: { rows: 3 }, message: 'Expected 5 rows, got 3' } as const;
    const markdown = drawRun(
      run({ rows: { state: 'success', note: '3 rows', check }, fine: { state: 'success', note: '9 rows' } }),
    );
    expect(cells(markdown).map(([, state, , made]) => [state, made])).toEqual([
      ['⚠️ warning', 'Expected 5 rows, got 3'],
      ['✅ success', '9 rows'],
    ]);
  });

  it('ends with the last things that were done to it, by whom, when and why', () => {
    const audit = Array.from({ length: 7 }, (_, at) => ({
      at: at * 60_000,
      who: 'ana',
      why: 'to_see',
      action: `skip t${at}`,
    }));
    const lines = drawRun({ ...run({ a: { state: 'waiting' } }), audit }).split('\n');
    expect(lines.slice(-6)).toEqual([
      '',
      ...[2, 3, 4, 5, 6].map((at) => String.raw`- 1970-01-01 00:0${at} skip t${at} by ana: to\_see`),
    ]);
  });

  it('shows of a hundred tasks those in trouble and at work first, in less than a payload holds', () => {
    const states = ['success', 'waiting', 'running', 'upstream_failed', 'held', 'failed'] as const;
    const tasks = Array.from({ length: 100 }, (_, at): [string, TaskState] => {
      const state = at < 70 ? 'success' : (states[at % states.length] ?? 'success');
      return [`task${at}`, { state, note: 'x'.repeat(200) }];
    });
    const markdown = drawRun(run(Object.fromEntries(tasks)));
    const drawn = cells(markdown).map(([, state]) => state);
    expect(drawn).toHaveLength(60);
    expect(new Set(drawn.slice(0, 5))).toEqual(new Set(['✋ **held**']));
    expect([...new Set(drawn)]).toEqual([
      '✋ **held**',
      '❌ **failed**',
      '▶️ running',
      '⛔ upstream_failed',
      '⏳ waiting',
      '✅ success',
    ]);
    expect(markdown).toContain('\n40 more tasks');
    expect(Buffer.byteLength(markdown)).toBeLessThan(14_000);
  });

  it('draws tasks that share a state each under its own name', () => {
    const done: TaskState = { state: 'success', note: 'same' };
    expect(cells(drawRun(run({ a: done, b: done }))).map(([id]) => id)).toEqual(['a', 'b']);
  });
});

describe('seconds', () => {
  it('is empty until a task has ended', () => {
    expect(seconds({ state: 'running', startedAt: 3 })).toBe('');
    expect(seconds({ state: 'upstream_failed' })).toBe('');
    expect(seconds({ state: 'failed', startedAt: 0, endedAt: 61_240 })).toBe('61.2 s');
  });
});
