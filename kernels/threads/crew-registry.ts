import type { KMeansModel } from '../kmeans.js';
import type { Neighbours } from '../knn.js';
import type { AnyMatrix, Matrix } from '../matrix.js';
import type { OnProgress } from '../progress.js';
import { kernelsOn } from '../wasm/compiled-kernels.js';
import { type Crew, alone } from '../wasm/crew.js';
import { type CrewFitOptions, fitOnCrew } from '../wasm/fit-on-crew.js';
import type { AllPairsMemory, QueryMemory } from '../wasm/knn-memory.js';
import { nearestOfAllOnCrew } from '../wasm/nearest-of-all-on-crew.js';
import { type QueryInput, fitKnnOnCrew, queryOnCrew } from '../wasm/query-on-crew.js';
import { type KMeansMemory, copySample, fitWork, swapWork } from '../wasm/kmeans-memory.js';
import { largestMagnitudeOnCrew } from '../wasm/largest-magnitude-on-crew.js';
import { type MiniBatchInput, fitMiniBatchOnCrew } from '../wasm/mini-batch-on-crew.js';
import { prepareOnCrew } from '../wasm/prepare-on-crew.js';
import type { SeedsMemory } from '../wasm/seeds-memory.js';
import { countSeedsOnCrew, meanOfSeedsOnCrew } from '../wasm/seeds-on-crew.js';
import { type SilhouetteMemory, silhouettesOnCrew } from '../wasm/silhouettes-on-crew.js';

export type FitSettings = Omit<CrewFitOptions, 'onProgress' | 'seed' | 'initial'>;

interface FitAllInput {
  readonly memory: KMeansMemory;
  readonly seed: number;
  /** Where each fit begins, instead of at rows that are drawn. */
  readonly initial?: AnyMatrix | undefined;
  readonly fits: readonly FitSettings[];
  /** How many of the fits were begun. */
  readonly begun: Int32Array<SharedArrayBuffer>;
  /** Whether all of the crew do each fit together, rather than each its own. */
  readonly together: boolean;
}

/** A model with its place in `fits`. */
interface FittedKMeans {
  readonly fit: number;
  readonly model: KMeansModel;
}

interface WithIndex {
  readonly index: QueryMemory;
}

/** The kernels that several threads run together, by name: each runs the function, and answers. */
export const crewRegistry = {
  /** Several fits of a matrix: the models of those that this thread did, or, of fits done together, of the first of the crew. */
  fitAllKMeans(
    crew: Crew,
    { memory, seed, initial, fits, begun, together }: FitAllInput,
    onProgress: OnProgress,
  ): readonly FittedKMeans[] {
    const kernels = kernelsOn(memory.memory);
    const prepared = prepareOnCrew(fitWork(memory, kernels, crew, 0), initial);
    if (prepared === undefined) return [];
    crew.meet();
    if (crew.index === 0) copySample(memory, seed);
    crew.meet();
    const room = together ? 0 : crew.index;
    const members = together ? crew : alone;
    const work = fitWork(memory, kernels, members, room);
    const swaps = swapWork(memory, kernels, members, room);
    const models = [];
    const next = (before: number): number => (together ? before + 1 : Atomics.add(begun, 0, 1));
    for (let fit = next(-1); fit < fits.length; fit = next(fit)) {
      const model = fitOnCrew(work, swaps, prepared, { ...fits[fit], seed, initial, onProgress });
      if (!together || crew.index === 0) models.push({ fit, model });
    }
    return models;
  },

  /** The model, of the first of the crew. */
  fitMiniBatchKMeans: (crew: Crew, input: MiniBatchInput, onProgress: OnProgress): KMeansModel | undefined =>
    fitMiniBatchOnCrew(crew, input, onProgress),

  /** Of each its own. */
  largestMagnitudes: (crew: Crew, matrix: Matrix): number => largestMagnitudeOnCrew(crew, matrix),

  /** The neighbours, of the first of the crew. */
  nearestOfAll: (crew: Crew, memory: AllPairsMemory, onProgress: OnProgress): Neighbours | undefined =>
    nearestOfAllOnCrew(crew, memory, onProgress),

  fitKnn: (crew: Crew, { index }: WithIndex): void => fitKnnOnCrew(crew, index),

  /** The neighbours, of the first of the crew. */
  queryKnn: (
    crew: Crew,
    { index, ...queries }: WithIndex & QueryInput,
    onProgress: OnProgress,
  ): Neighbours | undefined => queryOnCrew(crew, index, queries, onProgress),

  countSeeds: (crew: Crew, memory: SeedsMemory, onProgress: OnProgress): void =>
    countSeedsOnCrew(crew, memory, onProgress),

  meanOfSeeds: (crew: Crew, memory: SeedsMemory, onProgress: OnProgress): void =>
    meanOfSeedsOnCrew(crew, memory, onProgress),

  /** The same scores of each. */
  silhouettes: (crew: Crew, memory: SilhouetteMemory, onProgress: OnProgress): (number | null)[] =>
    silhouettesOnCrew(crew, memory, onProgress),
} as const;

export type CrewKernelName = keyof typeof crewRegistry;
export type CrewKernelInput<N extends CrewKernelName> = Parameters<(typeof crewRegistry)[N]>[1];
export type CrewKernelOutput<N extends CrewKernelName> = ReturnType<(typeof crewRegistry)[N]>;
