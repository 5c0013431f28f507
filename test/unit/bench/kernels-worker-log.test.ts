import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { taskNotes, tasksOf } from '../../../bench/kernels/worker-log.js';

const folder = await mkdtemp(join(tmpdir(), 'segmenta-worker-log-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const line = (task: string, durationMs: number, blockedMs: number): string =>
  JSON.stringify({ level: 'info', event: 'task', task, durationMs, blockedMs });

describe('what a log of a worker says of its tasks', () => {
  it('is the time of all attempts and the longest block, by task; other lines do not count', async () => {
    const log = join(folder, 'worker.log');
    const lines = [
      '(node:1) Warning',
      line('a', 500, 10),
      '{"event":"run","durationMs":9}',
      line('b', 20, 60),
      line('a', 1_500, 4),
    ];
    await writeFile(log, lines.join('\n'));
    expect(await tasksOf(log)).toEqual([
      { task: 'a', seconds: 2, blockedMs: 10 },
      { task: 'b', seconds: 0.02, blockedMs: 60 },
    ]);
  });

  it('is said below the table, with whether the event loop stayed free', () => {
    const tasks = [
      { task: 'a', seconds: 2, blockedMs: 10 },
      { task: 'b', seconds: 0.02, blockedMs: 60 },
    ];
    expect(taskNotes({ tasks })).toEqual([
      'seconds by task: a 2.00, b 0.02',
      "longest block of the worker's event loop: 60 ms, during b; aim under 50 ms MISSED",
    ]);
    expect(taskNotes({ tasks: tasks.slice(0, 1) })[1]).toMatch(/10 ms, during a; aim under 50 ms reached$/);
  });
});
