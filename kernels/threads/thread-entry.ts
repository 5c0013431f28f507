import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { OnProgress } from '../progress.js';
import { type Crew, joinCrew } from '../wasm/crew.js';
import { crewRegistry } from './crew-registry.js';
import { kernelRegistry } from './kernel-registry.js';
import type { CrewCall, KernelAnswer, KernelCall } from './thread-protocol.js';
import { throttledProgress } from './throttled-progress.js';
import { ownBuffers } from './own-buffers.js';

/** Milliseconds between two messages of progress: kernels report every step, people read a few a second. */
const progressInterval = 200;

/** Runs one kernel on this thread. Piscina calls it with what `KernelThreads` posts. */
export default function runKernel(call: KernelCall | CrewCall): unknown {
  const { progress } = call;
  try {
    const onProgress = throttledProgress(
      (message) => progress.postMessage(message, []),
      progressInterval,
      () => performance.now(),
    );
    return moved({ output: compute(call, onProgress) });
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    return { error: { name, message, stack } } satisfies KernelAnswer;
  } finally {
    progress.close();
  }
}

/** The name and the input come from `KernelThreads`, which is typed to pair them. */
function compute(call: KernelCall | CrewCall, onProgress: OnProgress): unknown {
  if (!('crew' in call)) {
    const kernel = kernelRegistry[call.name] as (input: unknown, onProgress: OnProgress) => unknown;
    return kernel(call.input, onProgress);
  }
  const kernel = crewRegistry[call.name] as (crew: Crew, input: unknown, onProgress: OnProgress) => unknown;
  const { place, index, size } = call.crew;
  return kernel(joinCrew(place, index, size), call.input, onProgress);
}

/** The answer with its buffers handed over rather than copied. */
function moved(answer: KernelAnswer): unknown {
  return move({ [transferableSymbol]: ownBuffers(answer), [valueSymbol]: answer });
}
