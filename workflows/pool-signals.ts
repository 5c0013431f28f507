import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { SlotRequest } from './task-call.js';

/** A wish for a slot, with the size that the asking worker's configuration gives the pool. */
export type PoolRequest = SlotRequest & { readonly size: number };

/** Tickets that have a slot, and those that wait for one, in the order of asking. */
export interface PoolState {
  readonly size: number;
  readonly holders: readonly SlotRequest[];
  readonly waiting: readonly SlotRequest[];
}

export const acquireSignal = defineSignal<[request: PoolRequest]>('acquire');
export const releaseSignal = defineSignal<[ticket: string]>('release');
export const poolQuery = defineQuery<PoolState>('pool');

/** The workflow that keeps a pool, over all runs of a task queue: whoever serves the runs serves it, too. */
export const poolId = (taskQueue: string, name: string): string => `pool:${taskQueue}/${name}`;
export const poolName = (taskQueue: string, id: string): string => id.slice(poolId(taskQueue, '').length);

export interface PoolActivities {
  /** Which of these workflow runs are at an end, or unknown. */
  endedRuns(runs: readonly { readonly workflowId: string; readonly runId: string }[]): Promise<readonly string[]>;
}
