import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pipeline } from '../../../dag/pipeline.js';
import { describeAction, refusal } from '../../../dag/run-control.js';
import type { RunAction } from '../../../dag/run-control.js';
import { initialState, withTask } from '../../../dag/run-state.js';
import type { RunState, TaskStateName } from '../../../dag/run-state.js';

type Activities = { readonly read: (input: object) => Promise<number> };
const { task, publish, signal, dag } = pipeline<Activities, object>();
const read = task('read', {});
const approval = signal('approval', z.strictObject({ by: z.string() }), { after: [read] });
const published = publish('read', {}, { id: 'published', after: [approval] });
const approved = dag('approved', { published }, z.object({}));

const waiting = initialState(approved);
const where = (id: string, state: TaskStateName, run: RunState = waiting): RunState => withTask(run, id, { state });
const paused: RunState = { ...waiting, paused: true };

describe('what an operator cannot do is refused', () => {
  it.each<[RunAction, RunState, string]>([
    [{ do: 'pause' }, paused, 'it is paused already'],
    [{ do: 'resume' }, waiting, 'it is not paused'],
    [{ do: 'release' }, waiting, 'it holds no failed task'],
    [{ do: 'skip', task: 'nope' }, waiting, "it has no task 'nope': expected one of read, approval, published"],
    [{ do: 'skip', task: 'read' }, where('read', 'success'), 'read has ended already: success'],
    [{ do: 'retry', task: 'read' }, where('read', 'failed'), 'read has ended already: failed'],
    [{ do: 'retry', task: 'read' }, where('read', 'running'), 'read is not held: it is running'],
    [{ do: 'retry', task: 'read' }, where('read', 'held', paused), 'it is paused: resume it first'],
    [
      { do: 'succeed', task: 'published', output: 1 },
      waiting,
      'published publishes: what others read has to be made, it cannot be said',
    ],
    [{ do: 'signal', task: 'read', value: 1 }, waiting, 'read does not wait for a signal'],
    [
      { do: 'signal', task: 'approval', value: { by: 3 } },
      waiting,
      'approval does not take this value: by: Invalid input: expected string, received number',
    ],
  ])('%j', (action, run, reason) => {
    expect(refusal(approved, run, action)).toBe(reason);
  });

  it.each<[RunAction, RunState]>([
    [{ do: 'pause' }, waiting],
    [{ do: 'resume' }, paused],
    [{ do: 'cancel' }, waiting],
    [{ do: 'release' }, where('read', 'held')],
    [{ do: 'retry', task: 'read' }, where('read', 'held')],
    [{ do: 'skip', task: 'published' }, waiting],
    [{ do: 'skip', task: 'read' }, where('read', 'held', paused)],
    [{ do: 'succeed', task: 'read', output: 1 }, where('read', 'running')],
    [{ do: 'signal', task: 'approval', value: { by: 'eva' } }, where('approval', 'deferred')],
  ])('and what can be done is not: %j', (action, run) => {
    expect(refusal(approved, run, action)).toBeUndefined();
  });

  it('names an action as the audit does', () => {
    expect(describeAction({ do: 'retry', task: 'read' })).toBe('retry read');
    expect(describeAction({ do: 'release' })).toBe('release');
  });
});
