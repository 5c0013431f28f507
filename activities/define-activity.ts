import type { Artifact, Json } from '../dag/artifact.js';
import type { ParamsSchema } from '../dag/dag.js';
import type { KernelThreads } from '../kernels/threads/kernel-threads.js';
import type { ArtifactDescription } from '../lake/artifact-store.js';
import type { DuckDb } from '../lake/duckdb.js';
import type { ObjectStore } from '../lake/object-store.js';

/** What an activity works with. Everything it touches outside its input comes from here. */
export interface TaskContext {
  readonly store: ObjectStore;
  /** This worker's folder for copies of what lies in a remote lake. */
  readonly cacheFolder: string;
  /** A folder of this attempt's own, removed after it. */
  readonly scratch: string;
  readonly threads: KernelThreads;
  /** Aborted when the run is cancelled or the worker stops. */
  readonly signal: AbortSignal;
  /** What is remembered of earlier work is not to be taken. */
  readonly isRefresh: boolean;
  /** Which run this is of, each time another one: `segmentation/2017-07-03/<run id>`. */
  readonly run: string;
  /** Says how far the work is, for the heartbeat that people read. Call it only when something has progressed. */
  progress(detail: { readonly [what: string]: Json }): void;
  /** Sends heartbeats while bytes move between here and the lake: a store's calls end by their own timeouts. */
  transferring<Result>(what: string, work: Promise<Result>): Promise<Result>;
  /** A DuckDB for the length of `use`; its progress becomes heartbeats, and an abort stops its query. */
  withDuckDb<Result>(
    timeZone: string,
    use: (db: DuckDb, phase: (name: string) => void) => Promise<Result>,
  ): Promise<Result>;
  /** A local path to read an artifact from. */
  open(artifact: Artifact): Promise<string>;
  /** Puts a finished local file into the lake. */
  put<Kind extends string>(kind: Kind, file: string, description: ArtifactDescription): Promise<Artifact<Kind>>;
}

/** What an activity gives back: its output, and one line for people about it. */
export interface Made<Output> {
  readonly output: Output;
  readonly note: string;
  /** The world held this already: nothing was changed. Counts as cached. */
  readonly unchanged?: boolean;
}

/** It chooses not to run: the task counts as skipped, and so may what comes after it. */
export interface SkippedItself {
  /** Why, for people. */
  readonly skip: string;
}

/** What a sensor looks for is not there yet. */
export interface NotThereYet {
  /** What it saw, for people: `no object at raw/2026-11-16.csv`. */
  readonly notYet: string;
}

export interface ActivityDefinition<Input, Output> {
  /** Raise it when the same input must give another output: results under the old version are forgotten. */
  readonly version: number;
  /** `never`: the work is an effect, which has to be made sure of in every run (and costs little when it is done). */
  readonly cache: 'by-content' | 'never';
  /** What it reads beside artifacts; a change of it makes the remembered result stale. */
  fingerprint?(input: Input, context: Pick<TaskContext, 'store'>): Promise<unknown>;
  /** What its output looks like, for outputs that come from elsewhere: without it no operator can give one. */
  readonly output?: ParamsSchema<Output>;
  run(input: Input, context: TaskContext): Promise<Made<Output> | SkippedItself | NotThereYet>;
  /** As `run`, of work that only looks: a dry run may call it. */
  peek?(input: Input, context: Pick<TaskContext, 'store'>): Promise<Made<Output> | SkippedItself | NotThereYet>;
}

/** The function an author of a DAG sees. */
export type ActivityOf<Definition> =
  Definition extends ActivityDefinition<infer Input, infer Output> ? (input: Input) => Promise<Output> : never;

export const defineActivity = <Input, Output>(
  definition: ActivityDefinition<Input, Output>,
): ActivityDefinition<Input, Output> => definition;

/** A sensor: it only looks, so a dry run may do it too. */
export const defineSensor = <Input, Output>(
  version: number,
  look: NonNullable<ActivityDefinition<Input, Output>['peek']>,
): ActivityDefinition<Input, Output> => ({ version, cache: 'never', run: look, peek: look });
