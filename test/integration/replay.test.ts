// Whether the runs that a deploy finds in flight could go on: docs/deploys.md says what to do where a history does not
// replay. `npm run record-histories` records them.
import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DefaultLogger, Runtime, Worker, bundleWorkflowCode } from '@temporalio/worker';
import type { ReplayWorkerOptions } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { readHistory } from '../histories/history-file.js';

const logger = new DefaultLogger('ERROR', () => undefined);

beforeAll(() => {
  // What breaks a replay is told by its result.
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging: { filter: 'OFF', forward: {} } } });
});

const bundled = async (workflows: string): Promise<ReplayWorkerOptions> => ({
  workflowBundle: await bundleWorkflowCode({ workflowsPath: resolve('dist/test/histories', workflows), logger }),
});

/** What came of each history of this kind, by its file's name: `replays`, or how it did not. */
async function replay(options: ReplayWorkerOptions, kind: string): Promise<{ readonly [name: string]: string }> {
  const folder = resolve('test/histories', kind);
  const names = new Map<string, string>();
  const histories = (await readdir(folder)).toSorted().map(async (file) => {
    const history = readHistory(await readFile(join(folder, file), 'utf8'));
    // Children are called after it.
    const workflowId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '';
    names.set(workflowId, file.replace('.json', ''));
    return { workflowId, history };
  });
  const outcomes: { [name: string]: string } = {};
  for await (const { workflowId, error } of Worker.runReplayHistories(options, await Promise.all(histories))) {
    const broken = error instanceof DeterminismViolationError ? 'violates determinism' : error?.message;
    outcomes[names.get(workflowId) ?? workflowId] = broken ?? 'replays';
  }
  return outcomes;
}

const unlessItReplays = (outcomes: { readonly [name: string]: string }) =>
  Object.entries(outcomes).filter(([, outcome]) => outcome !== 'replays');

describe('a run in flight could go on with the workflows of today', () => {
  it('whatever its shape', async () => {
    const outcomes = await replay(await bundled('history-workflows.js'), 'shapes');
    expect(Object.keys(outcomes).length).toBeGreaterThan(20);
    expect(unlessItReplays(outcomes)).toEqual([]);
  });

  it('of the DAGs that are for use, with the bundle that workers take', async () => {
    const outcomes = await replay({ workflowBundle: { codePath: resolve('dist/workflow-bundle.js') } }, 'dags');
    expect(Object.keys(outcomes).toSorted()).toEqual([
      'lookalikes',
      'ranking',
      'segmentation',
      'ventas',
      'ventas-failed',
    ]);
    expect(unlessItReplays(outcomes)).toEqual([]);
  });
});

describe('after a change of a DAG', () => {
  let outcomes: { readonly [name: string]: string };
  beforeAll(async () => {
    outcomes = await replay(await bundled('changed-workflows.js'), 'shapes');
  });

  it.each([
    ['a task that had run has another name', ['success', 'failed-task', 'hold-and-retry', 'cancelled']],
    ['another task comes before those that had run', ['map-in-place', 'map-with-children']],
    ['a deadline is gone', ['deadline-kept', 'deadline-missed']],
  ])('it could not, where %s', (_, broken) => {
    for (const name of broken)
      expect.soft({ name, outcome: outcomes[name] }).toEqual({ name, outcome: 'violates determinism' });
  });

  it.each([
    ['a task has other options', ['sensor-and-signal', 'signal-late', 'sensor-late']],
    ['a patch keeps the DAG of before for it', ['pooled']],
  ])('it could, where %s', (_, intact) => {
    for (const name of intact) expect.soft({ name, outcome: outcomes[name] }).toEqual({ name, outcome: 'replays' });
  });
});
