import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Figures } from './side.js';

/** What the worker's log says of the tasks of its runs. */
export interface TaskFigures {
  readonly task: string;
  /** Of all attempts together. */
  readonly seconds: number;
  /** For how long at most the worker's event loop stood still meanwhile. */
  readonly blockedMs: number;
}

const line = z.object({ event: z.literal('task'), task: z.string(), durationMs: z.number(), blockedMs: z.number() });
const tasks = z.object({
  tasks: z.array(z.object({ task: z.string(), seconds: z.number(), blockedMs: z.number() })),
});

export async function tasksOf(log: string): Promise<readonly TaskFigures[]> {
  const found = new Map<string, TaskFigures>();
  for (const text of (await readFile(log, 'utf8')).split('\n')) {
    const said = line.safeParse(jsonIn(text)).data;
    if (said === undefined) continue;
    const { task, durationMs, blockedMs } = said;
    const before = found.get(task);
    const seconds = (before?.seconds ?? 0) + durationMs / 1_000;
    found.set(task, { task, seconds, blockedMs: Math.max(before?.blockedMs ?? 0, blockedMs) });
  }
  return [...found.values()];
}

/** For below the table. Tasks that ran side by side each count whole. */
export function taskNotes(figures: Figures): readonly string[] {
  const { tasks: told } = tasks.parse(figures);
  const times = told.map(({ task, seconds }) => `${task} ${seconds.toFixed(2)}`).join(', ');
  const longest = told.reduce((most, one) => (one.blockedMs > most.blockedMs ? one : most), {
    task: '',
    blockedMs: 0,
  });
  const met = longest.blockedMs < EVENT_LOOP_MS ? 'reached' : 'MISSED';
  return [
    `seconds by task: ${times}`,
    `longest block of the worker's event loop: ${longest.blockedMs} ms, during ${longest.task}; aim under ${EVENT_LOOP_MS} ms ${met}`,
  ];
}

const EVENT_LOOP_MS = 50;

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not every line is the worker's: what Node itself says is none.
    return undefined;
  }
}
