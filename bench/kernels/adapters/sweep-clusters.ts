import type { Matrix } from '../../../kernels/matrix.js';
import type { KMeansSweep } from '../../../kernels/select-kmeans.js';
import type { KernelThreads } from '../../../kernels/threads/kernel-threads.js';
import { sweepKMeansOnThreads } from '../../../kernels/threads/sweep-on-threads.js';

export interface SweepSettings {
  readonly ks: readonly number[];
  readonly restarts: number;
  readonly seed: number;
  /** Rows over which silhouettes are computed. */
  readonly sample: number;
}

/** k-means for every k, with a silhouette each. What the bench of k sweeps times. */
export const sweepClusters = async (
  threads: KernelThreads,
  matrix: Matrix,
  { ks, restarts, seed, sample }: SweepSettings,
): Promise<KMeansSweep> => sweepKMeansOnThreads(threads, matrix, { ks, restarts, seed, silhouetteSample: sample });
