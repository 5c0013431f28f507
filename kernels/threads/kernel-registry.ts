import type { AnyMatrix, Matrix } from '../matrix.js';
import { type PcaModel, fitPca, projectPca } from '../pca.js';

interface WithMatrix {
  readonly matrix: AnyMatrix;
}

interface FitPcaInput extends WithMatrix {
  readonly components: number;
}

interface ProjectPcaInput extends WithMatrix {
  readonly model: PcaModel;
}

/**
 * The kernels that run on a thread of their own, by name; those that several threads run together are in
 * `crew-registry.ts`. Input and output are plain data that structured clone keeps; what a kernel computes is documented
 * with the function it calls.
 */
export const kernelRegistry = {
  fitPca: ({ matrix, components }: FitPcaInput): PcaModel => fitPca(matrix, components),

  projectPca: ({ model, matrix }: ProjectPcaInput): Matrix<Float64Array> => projectPca(model, matrix),
} as const;

export type KernelName = keyof typeof kernelRegistry;
export type KernelInput<N extends KernelName> = Parameters<(typeof kernelRegistry)[N]>[0];
export type KernelOutput<N extends KernelName> = ReturnType<(typeof kernelRegistry)[N]>;
