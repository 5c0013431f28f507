import type { Artifact } from '../dag/artifact.js';
import type { CacheMode, Priority } from '../dag/dag.js';
import type { StoredList } from '../dag/stored-list.js';
import type { DateRunEnd, DateRunStanding } from './date-run.js';
import type { RunEvent } from '../dag/run-event.js';
import type { RunRecord } from '../dag/run-record.js';

/** Which run a call belongs to. */
export interface CallingRun {
  /** For people, and the log of what it publishes: `segmentation/2017-07-03/<run id>`. */
  readonly id: string;
  /** Where its records lie in the lake. */
  readonly record: string;
}

/** What a task's activity gets: its inputs, and which task of which run it is. */
export interface TaskCall {
  readonly run: CallingRun;
  readonly task: string;
  readonly input: { readonly [name: string]: unknown };
  readonly mode: CacheMode | 'pinned';
  /** Records of the run that a pinned result comes from. */
  readonly reuse?: string;
  /** Which item of a map. */
  readonly item?: number;
}

/** Outputs of a map's items, to be one list. */
export interface GatherCall {
  readonly run: CallingRun;
  readonly task: string;
  /** Items, after those of `parts`. */
  readonly values: readonly unknown[];
  readonly parts: readonly Artifact<'list'>[];
  /** Where in the whole list each of `values` comes, ascending, instead of after those of `parts`. */
  readonly places?: readonly number[];
  /** Into the lake however short it is. */
  readonly store?: boolean;
  /** This is the map's whole output, and what it says of it: the run's records get it. */
  readonly whole?: { readonly note: string; readonly cached: boolean; readonly startedAt: number };
}

/** An output that an operator gives in the place of a task's own. */
export interface GivenOutput {
  readonly activity: string;
  /** The output of a map is the list of what its activity gives. */
  readonly ofMap: boolean;
  readonly output: unknown;
}

/** A wish for a slot of a pool. */
export interface SlotRequest {
  readonly pool: string;
  /** Unique over all runs: who asks, and for what. */
  readonly ticket: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly priority: Priority;
}

/** What a run's workflow needs of its worker beside the tasks. */
export interface RunActivities {
  /** Makes one list of what a map's items gave. */
  gatherItems(call: GatherCall): Promise<readonly unknown[] | StoredList>;
  /** Checks that an output is one of the activity's, and that all it names is in the lake; claims it for `record`. */
  checkOutput(given: GivenOutput & { readonly record: string }): Promise<unknown>;
  /** Asks a pool for a slot; the pool's workflow answers with a signal. */
  requestSlot(request: SlotRequest): Promise<void>;
  /** How a run stands: the given one, or the newest of its id. Fails, to be tried again, while it stands as the caller knows. */
  runEnd(run: {
    readonly workflowId: string;
    readonly runId?: string;
    /** The caller knows it as held, rather than as at work. */
    readonly held?: boolean;
  }): Promise<DateRunEnd | DateRunStanding>;
  /** Asks a run, as an operator does, to stop. One that has ended is left as it is. */
  stopRun(run: {
    readonly workflowId: string;
    readonly runId: string;
    readonly who: string;
    readonly why: string;
  }): Promise<void>;
  /** Asks the server to cancel a run. */
  cancelRun(run: { readonly workflowId: string; readonly runId: string }): Promise<void>;
  /** Writes the run's record. */
  recordRun(record: { readonly folder: string; readonly run: RunRecord }): Promise<void>;
  /** Says in the worker's log what happened, and gives the callbacks that are to be told, by number. */
  announce(event: RunEvent): Promise<readonly number[]>;
  /** Tells one callback. */
  callBack(call: { readonly callback: number; readonly event: RunEvent }): Promise<void>;
}
