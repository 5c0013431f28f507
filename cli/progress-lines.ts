import { madeOf, seconds } from '../dag/draw-run.js';
import type { RunState, TaskState } from '../dag/run-state.js';
import { MARKS } from './task-marks.js';

/**
 * Says what changed from one state of a run to the next, a line a task that started or settled, and what operators did.
 * States that came and went between two looks are told by where they ended.
 */
export function progressLines(before: RunState | undefined, after: RunState): string[] {
  const width = Math.max(...Object.keys(after.tasks).map((id) => id.length));
  const said = after.audit.slice(before?.audit.length ?? 0);
  const tasks = Object.entries(after.tasks).flatMap(([id, task]) => {
    const was = before?.tasks[id]?.state ?? 'waiting';
    return task.state === was || task.state === 'excluded' ? [] : [taskLine(id, task, width)];
  });
  return [...said.map(({ who, why, action }) => `  * ${action} by ${who}: ${why}`), ...tasks];
}

export const taskLine = (id: string, task: TaskState, width: number): string =>
  `  ${MARKS[task.state]} ${id.padEnd(width)}  ${describe(task)}`.trimEnd();

function describe(task: TaskState): string {
  const how = task.state === 'success' && task.cached === true ? 'cached' : task.state;
  if (task.state === 'failed' || task.state === 'held') {
    return [how.padEnd(8), seconds(task).padStart(7), `${task.error?.type}: ${task.error?.message}`].join('  ');
  }
  const made = madeOf(task);
  if (task.state !== 'success') return made === '' ? how : `${how.padEnd(8)}  ${made}`;
  const warning = task.check !== undefined && !task.check.passed ? 'WARNING: ' : '';
  return [how.padEnd(8), seconds(task).padStart(7), warning + made].join('  ');
}

/**
 * The last line of a finished run: `segmentation/2017-07-03: success, 3 of 7 tasks computed, 4 cached`. What came to
 * something else is counted by what: `2 skipped`.
 */
export function outcomeLine(run: string, state: RunState, outcome: string): string {
  const tasks = Object.values(state.tasks).filter((task) => task.state !== 'excluded');
  const succeeded = tasks.filter((task) => task.state === 'success');
  const cached = succeeded.filter((task) => task.cached === true).length;
  const computed = succeeded.length - cached;
  const others = UNSUCCESSFUL.flatMap((name) => {
    const count = tasks.filter((task) => task.state === name).length;
    return count === 0 ? [] : [`, ${count} ${name}`];
  });
  const nothing = cached === tasks.length ? ': nothing to compute' : '';
  return `${run}: ${outcome}, ${computed} of ${tasks.length} tasks computed, ${cached} cached${others.join('')}${nothing}`;
}

const UNSUCCESSFUL = ['failed', 'upstream_failed', 'cancelled', 'skipped'] as const;
