import { seconds } from '../dag/draw-run.js';
import type { RunState, TaskState } from '../dag/run-state.js';

const MARKS = { waiting: ' ', running: '>', success: '+', failed: 'x', upstream_failed: '-', cancelled: '-' } as const;

/**
 * Says what changed from one state of a run to the next, a line a task that started or settled. States that came and
 * went between two looks are told by where they ended.
 */
export function progressLines(before: RunState | undefined, after: RunState): string[] {
  const width = Math.max(...Object.keys(after.tasks).map((id) => id.length));
  return Object.entries(after.tasks).flatMap(([id, task]) => {
    const was = before?.tasks[id]?.state ?? 'waiting';
    return task.state === was ? [] : [`  ${MARKS[task.state]} ${id.padEnd(width)}  ${describe(task)}`.trimEnd()];
  });
}

function describe(task: TaskState): string {
  if (task.state === 'failed')
    return ['failed'.padEnd(8), seconds(task).padStart(7), `${task.error?.type}: ${task.error?.message}`].join('  ');
  if (task.state !== 'success') return task.state;
  const how = task.cached === true ? 'cached' : 'success';
  return [how.padEnd(8), seconds(task).padStart(7), task.note ?? ''].join('  ');
}

/** The last line of a finished run: `segmentation/2017-07-03: success, 3 of 7 tasks computed, 4 cached`. */
export function outcomeLine(run: string, state: RunState, outcome: string): string {
  const tasks = Object.values(state.tasks);
  const cached = tasks.filter((task) => task.cached === true).length;
  const computed = tasks.filter((task) => task.state === 'success').length - cached;
  const nothing = cached === tasks.length ? ': nothing to compute' : '';
  return `${run}: ${outcome}, ${computed} of ${tasks.length} tasks computed, ${cached} cached${nothing}`;
}
