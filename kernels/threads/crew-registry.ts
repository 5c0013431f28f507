import type { KMeansModel } from '../kmeans.js';
import type { OnProgress } from '../progress.js';
import { kernelsOn } from '../wasm/compiled-kernels.js';
import { type Crew, alone } from '../wasm/crew.js';
import { type CrewFitOptions, fitOnCrew } from '../wasm/fit-on-crew.js';
import { type KMeansMemory, fitWork } from '../wasm/kmeans-memory.js';
import { prepareOnCrew } from '../wasm/prepare-on-crew.js';

type FitSettings = Omit<CrewFitOptions, 'onProgress'>;

interface FitInput extends FitSettings {
  readonly memory: KMeansMemory;
}

interface FitAllInput {
  readonly memory: KMeansMemory;
  readonly fits: readonly FitSettings[];
  /** How many of the fits were begun. */
  readonly begun: Int32Array<SharedArrayBuffer>;
}

/** The kernels that several threads run together, by name: each runs the function, and answers. */
export const crewRegistry = {
  /** The model, of the first of the crew. */
  fitKMeans(crew: Crew, { memory, ...options }: FitInput, onProgress: OnProgress): KMeansModel | undefined {
    const work = fitWork(memory, kernelsOn(memory.memory), crew, 0);
    const prepared = prepareOnCrew(work, options.initial);
    if (prepared === undefined) return undefined;
    const model = fitOnCrew(work, prepared, { ...options, onProgress });
    return crew.index === 0 ? model : undefined;
  },

  /** Fits side by side, each on one thread: the models of those that this one did, with their places in `fits`. */
  fitAllKMeans(
    crew: Crew,
    { memory, fits, begun }: FitAllInput,
    onProgress: OnProgress,
  ): readonly { readonly fit: number; readonly model: KMeansModel }[] {
    const kernels = kernelsOn(memory.memory);
    const prepared = prepareOnCrew(fitWork(memory, kernels, crew, 0));
    if (prepared === undefined) return [];
    crew.meet();
    const own = fitWork(memory, kernels, alone, crew.index);
    const models = [];
    for (let fit = Atomics.add(begun, 0, 1); fit < fits.length; fit = Atomics.add(begun, 0, 1)) {
      models.push({ fit, model: fitOnCrew(own, prepared, { ...fits[fit], onProgress }) });
    }
    return models;
  },
} as const;

export type CrewKernelName = keyof typeof crewRegistry;
export type CrewKernelInput<N extends CrewKernelName> = Parameters<(typeof crewRegistry)[N]>[1];
export type CrewKernelOutput<N extends CrewKernelName> = ReturnType<(typeof crewRegistry)[N]>;
