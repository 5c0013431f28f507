import { move, transferableSymbol, valueSymbol } from 'piscina';
import { kernelRegistry } from './kernel-registry.js';
import type { KernelAnswer, KernelCall } from './thread-protocol.js';
import { throttledProgress } from './throttled-progress.js';
import { ownBuffers } from './own-buffers.js';

/** Milliseconds between two messages of progress: kernels report every step, people read a few a second. */
const progressInterval = 200;

/** Runs one kernel on this thread. Piscina calls it with what `KernelThreads` posts. */
export default function runKernel({ name, input, progress }: KernelCall): unknown {
  try {
    // The name and the input come from `KernelThreads.run`, which is typed to pair them.
    const kernel = kernelRegistry[name] as (input: unknown, onProgress: unknown) => unknown;
    const onProgress = throttledProgress(
      (message) => progress.postMessage(message, []),
      progressInterval,
      () => performance.now(),
    );
    return moved({ output: kernel(input, onProgress) });
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    return { error: { name, message, stack } } satisfies KernelAnswer;
  } finally {
    progress.close();
  }
}

/** The answer with its buffers handed over rather than copied. */
function moved(answer: KernelAnswer): unknown {
  return move({ [transferableSymbol]: ownBuffers(answer), [valueSymbol]: answer });
}
