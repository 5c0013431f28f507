import { type KMeansModel, type KMeansOptions, fitKMeans, predictKMeans } from '../kmeans.js';
import { type Neighbours, fitKnn, queryKnn } from '../knn.js';
import type { AnyMatrix, Matrix } from '../matrix.js';
import { type PcaModel, fitPca, projectPca } from '../pca.js';
import type { OnProgress } from '../progress.js';
import { type SeedNeighbours, type SeedSearch, seedNeighbours } from '../seed-neighbours.js';
import type { KMeansSweep } from '../select-kmeans.js';
import { silhouettes } from '../silhouette.js';
import { type SweepKMeansOptions, sweepKMeans } from '../sweep-kmeans.js';

interface WithMatrix {
  readonly matrix: AnyMatrix;
}

type FitKMeansInput = WithMatrix & Omit<KMeansOptions, 'onProgress'>;
type SweepKMeansInput = WithMatrix & Omit<SweepKMeansOptions, 'onProgress'>;

interface PredictKMeansInput extends WithMatrix {
  readonly model: Pick<KMeansModel, 'centroids'>;
}

interface FitPcaInput extends WithMatrix {
  readonly components: number;
}

interface ProjectPcaInput extends WithMatrix {
  readonly model: PcaModel;
}

interface SilhouettesInput extends WithMatrix {
  readonly labelings: readonly Int32Array[];
}

interface QueryKnnInput {
  /** The points that are searched. */
  readonly index: AnyMatrix;
  readonly points: AnyMatrix;
  readonly k: number;
  /** One row of the index for each query, -1 for none: a predicate cannot be posted to a thread. */
  readonly exclude?: Int32Array | undefined;
}

/**
 * The kernels that run on threads, by name. Input and output are plain data that structured clone keeps; what a kernel
 * computes is documented with the function it calls.
 */
export const kernelRegistry = {
  fitKMeans: ({ matrix, ...options }: FitKMeansInput, onProgress: OnProgress): KMeansModel =>
    fitKMeans(matrix, { ...options, onProgress }),

  fitPca: ({ matrix, components }: FitPcaInput): PcaModel => fitPca(matrix, components),

  projectPca: ({ model, matrix }: ProjectPcaInput): Matrix<Float64Array> => projectPca(model, matrix),

  predictKMeans: ({ model, matrix }: PredictKMeansInput): Int32Array => predictKMeans(model, matrix),

  queryKnn: ({ index, points, k, exclude }: QueryKnnInput, onProgress: OnProgress): Neighbours =>
    queryKnn(fitKnn(index), points, k, { exclude, onProgress }),

  seedNeighbours: (search: SeedSearch, onProgress: OnProgress): SeedNeighbours => seedNeighbours(search, onProgress),

  silhouettes: ({ matrix, labelings }: SilhouettesInput, onProgress: OnProgress): (number | null)[] =>
    silhouettes(matrix, labelings, onProgress),

  sweepKMeans: ({ matrix, ...options }: SweepKMeansInput, onProgress: OnProgress): KMeansSweep =>
    sweepKMeans(matrix, { ...options, onProgress }),
} as const;

export type KernelName = keyof typeof kernelRegistry;
export type KernelInput<N extends KernelName> = Parameters<(typeof kernelRegistry)[N]>[0];
export type KernelOutput<N extends KernelName> = ReturnType<(typeof kernelRegistry)[N]>;
