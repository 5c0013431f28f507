import type { KernelInput, KernelName, KernelOutput } from './kernel-registry.js';
import type { KernelThreads, RunKernelOptions } from './kernel-threads.js';

/**
 * Runs a kernel once for each input, as many at a time as there are threads; the outputs come in the order of the
 * inputs. When one fails or `signal` aborts, the others are stopped.
 */
export async function allOnThreads<N extends KernelName>(
  threads: Pick<KernelThreads, 'run'>,
  name: N,
  inputs: readonly KernelInput<N>[],
  { signal, onProgress }: RunKernelOptions = {},
): Promise<readonly KernelOutput<N>[]> {
  const failure = new AbortController();
  const running = {
    signal: signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]),
    onProgress,
  };
  const runs = inputs.map(async (input) => threads.run(name, input, running));
  try {
    return await Promise.all(runs);
  } catch (error) {
    failure.abort(error);
    await Promise.allSettled(runs);
    throw error;
  }
}
