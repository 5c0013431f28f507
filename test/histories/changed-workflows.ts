// The workflows of the histories after changes, each of one kind: some break the runs that a deploy finds in flight,
// others do not.
import { patched } from '@temporalio/workflow';
import type { Dag, TaskSpec } from '../../dag/dag.js';
import { dagWorkflow } from '../../workflows/run-dag.js';
import { dueDag, mapsDag, poolsDag, stepsDag, waitsDag } from './history-dags.js';

const withTasks = (dag: Dag, change: (task: TaskSpec) => readonly TaskSpec[]): Dag => ({
  ...dag,
  tasks: dag.tasks.flatMap(change),
});

/** Breaks: a task that had run has another name. */
export const steps = dagWorkflow(
  withTasks(stepsDag, (task) => [
    task.id === 'third'
      ? { ...task, id: 'tercera' }
      : { ...task, inputs: { ...task.inputs, ...(task.id === 'last' ? { third: from('tercera') } : {}) } },
  ]),
);

/** Breaks: another task comes before those that had run. */
export const maps = dagWorkflow(
  withTasks(mapsDag, (task) =>
    task.id === 'numbers'
      ? [
          { ...task, id: 'before' },
          { ...task, after: ['before'] },
        ]
      : [task],
  ),
);

/** Breaks: the deadline, a timer of the workflow, is gone. */
const { deadline: _deadline, ...endless } = dueDag;
export const due = dagWorkflow(endless);

/** Breaks nothing: the same tasks, with other options. */
export const waits = dagWorkflow(
  withTasks(waitsDag, (task) => [
    { ...task, options: { ...task.options, retries: 99, timeout: '9 hours', priority: 5 } },
  ]),
);

const pressOnly = {
  ...withTasks(poolsDag, (task) => (task.id === 'press' ? [task] : [])),
  outputs: { press: 'press' },
};

/** Breaks nothing: a task is gone for the runs that begin after the change, and is there for those before it. */
export const pools: ReturnType<typeof dagWorkflow> = async (params, options) =>
  dagWorkflow(patched('press only') ? pressOnly : poolsDag)(params, options);

function from(task: string): TaskSpec['inputs'][string] {
  return { from: 'task', task };
}
