/**
 * How far a kernel has come, in words fit for a heartbeat. `of` is the most that the count beside it can reach;
 * k-means usually converges long before.
 */
export type KernelProgress =
  | {
      readonly phase: 'lloyd';
      readonly k: number;
      /** The start under way, from 1. */
      readonly restart: number;
      readonly restarts: number;
      readonly iteration: number;
      /** The iterations allowed. */
      readonly of: number;
    }
  /** Mini-batches of k-means: the one under way, from 1. */
  | { readonly phase: 'batches'; readonly k: number; readonly batch: number; readonly of: number }
  | { readonly phase: 'silhouette' | 'neighbours' | 'labelling'; readonly rows: number; readonly of: number };

/** Called by a kernel at every step it takes, which may be thousands of times a second. */
export type OnProgress = (progress: KernelProgress) => void;
