import type { WorkflowHandle } from '@temporalio/client';
import { expect } from 'vitest';
import type { RunSummary } from '../../workflows/run-dag.js';
import type { Trial } from './trial.js';

/** Has a worker of the usual kind bring the run to its end. */
export async function finish(trial: Trial, run: WorkflowHandle<() => Promise<RunSummary>>): Promise<RunSummary> {
  const worker = trial.spawn();
  const summary = await Promise.race([
    run.result(),
    worker.ended.then((end) => expect.fail(`${end}: ${worker.said()}`)),
  ]);
  worker.kill('SIGTERM');
  expect(await worker.ended).toBe(0);
  return summary;
}
