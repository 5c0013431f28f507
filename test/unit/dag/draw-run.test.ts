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

describe('seconds', () => {
  it('is empty until a task has ended', () => {
    expect(seconds({ state: 'running', startedAt: 3 })).toBe('');
    expect(seconds({ state: 'upstream_failed' })).toBe('');
    expect(seconds({ state: 'failed', startedAt: 0, endedAt: 61_240 })).toBe('61.2 s');
  });
});
