import { defineSignal, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import type { RunOrigin } from '../dag/run-origin.js';
import { tasksIn } from '../dag/run-state.js';
import type { RunState } from '../dag/run-state.js';

/** What a date's run tells the backfill that started it. */
export interface HeldDate {
  readonly fecha: string;
  readonly runId: string;
  /** It waits for an operator, or goes on. */
  readonly held: boolean;
}

export const heldSignal = defineSignal<[HeldDate]>('dateHeld');

/** The workflow of the backfill `segmentation/2017`. */
export const backfillWorkflowId = (id: string): string => `backfill/${id}`;

/** A run that is held gives its place to the next date: its backfill hears when it waits for an operator, and when not. */
export function tellBackfill(origin: RunOrigin, fecha: string | null): { follow(run: RunState): void } {
  if (origin.kind !== 'backfill' || fecha === null) return { follow: () => {} };
  const { backfill } = origin;
  let told = false;
  return {
    follow: (run) => {
      const held = tasksIn(run, 'held').length > 0;
      if (held === told) return;
      told = held;
      getExternalWorkflowHandle(backfillWorkflowId(backfill))
        .signal(heldSignal, { fecha, runId: workflowInfo().runId, held })
        // A backfill that has ended has no use for it.
        .catch(() => {});
    },
  };
}
