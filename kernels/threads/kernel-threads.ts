import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { checkInteger } from '../check-integer.js';
import type { KernelProgress, OnProgress } from '../progress.js';
import { meetingPlace } from '../wasm/crew.js';
import type { CrewKernelInput, CrewKernelName, CrewKernelOutput } from './crew-registry.js';
import type { KernelInput, KernelName, KernelOutput } from './kernel-registry.js';
import type { CrewCall, KernelAnswer, KernelCall } from './thread-protocol.js';

export interface RunKernelOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called about five times a second at most. If it throws, the kernel is stopped and the run rejects with that. */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Threads that run kernels, so that the event loop stays free. Results do not depend on how many there are. They start
 * at once and do not keep the process alive while they have no work.
 */
export class KernelThreads {
  readonly #pool: Piscina<KernelCall | CrewCall, KernelAnswer>;
  readonly #closing = new AbortController();
  /** Ends when the crew before has. Two at once could each wait for a thread that the other one holds. */
  #crew: Promise<unknown> = Promise.resolve();
  readonly size: number;

  /** Throws RangeError unless `threads` is an integer of at least 1. */
  constructor({ threads }: { readonly threads: number }) {
    checkInteger('threads', threads, 1, 1024, '1..1024');
    this.size = threads;
    this.#pool = new Piscina({
      filename: fileURLToPath(new URL('./thread-entry.js', import.meta.url)),
      // As many at least: the pool replaces an ended thread only below the minimum, and what waits would wait forever.
      minThreads: threads,
      maxThreads: threads,
      // Piscina tries `require` first. Node 20 aborts the whole process where a thread is ended while it is linking ES
      // modules that it requires; without that way to load them they are imported, which can be ended at any time.
      execArgv: ['--no-experimental-require-module'],
    });
    // Told here are threads that fail without a run, and answers that were on their way when their thread was ended.
    // The pool has replaced the thread, and what concerns a run rejects that run: nothing is left to do.
    this.#pool.on('error', () => {});
  }

  /**
   * Runs a kernel on a thread, waiting for a free one. Input is copied, except matrices on shared memory, see
   * `shareMatrix`.
   *
   * Rejects with what the kernel throws, name and message kept. When `signal` aborts, the thread is ended where it
   * stands, or the call leaves the queue, and the run rejects with the reason of the signal.
   */
  async run<N extends KernelName>(
    name: N,
    input: KernelInput<N>,
    { signal, onProgress }: RunKernelOptions = {},
  ): Promise<KernelOutput<N>> {
    // The registry pairs every name with its output, and the thread ran the kernel of that name.
    return (await this.#post({ name, input }, { signal, onProgress })) as KernelOutput<N>;
  }

  async #post(
    call: Omit<KernelCall, 'progress'> | Omit<CrewCall, 'progress'>,
    { signal, onProgress }: RunKernelOptions,
  ): Promise<unknown> {
    const listener = new AbortController();
    const stop = AbortSignal.any([this.#closing.signal, listener.signal, ...(signal === undefined ? [] : [signal])]);
    stop.throwIfAborted();
    const { port1: incoming, port2: progress } = new MessageChannel();
    incoming.on('message', (message: KernelProgress) => {
      if (stop.aborted) return;
      try {
        onProgress?.(message);
      } catch (error) {
        listener.abort(error);
      }
    });
    try {
      const answer = await this.#pool.run({ ...call, progress }, { signal: stop, transferList: [progress] });
      if (answer.error !== undefined) throw revived(answer.error);
      return answer.output;
    } catch (error) {
      stop.throwIfAborted();
      throw error;
    } finally {
      incoming.close();
    }
  }

  /**
   * Runs a kernel on all threads together, when they have no other work, one crew at a time: the answers of all, by their
   * place in the crew. Otherwise as `run`; where one throws, all are ended.
   */
  async runCrew<N extends CrewKernelName>(
    name: N,
    input: CrewKernelInput<N>,
    { signal, onProgress }: RunKernelOptions = {},
  ): Promise<CrewKernelOutput<N>[]> {
    const failure = new AbortController();
    const stop = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
    const before = this.#crew;
    const crew = (async () => {
      await before;
      const place = meetingPlace();
      const members = Array.from({ length: this.size }, async (_, index) => {
        try {
          const crew = { place, index, size: this.size };
          // The registry pairs every name with its output, and the threads ran the kernel of that name.
          return (await this.#post({ name, input, crew }, { signal: stop, onProgress })) as CrewKernelOutput<N>;
        } catch (error) {
          // The others would wait for it forever.
          failure.abort(error);
          throw error;
        }
      });
      const ended = await Promise.allSettled(members);
      signal?.throwIfAborted();
      failure.signal.throwIfAborted();
      return ended.map((member) => {
        if (member.status === 'rejected') throw member.reason;
        return member.value;
      });
    })();
    this.#crew = crew.catch(() => {});
    return crew;
  }

  /** Ends all threads; runs under way or waiting reject. Further calls do nothing. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    // In this order: a thread whose run is aborted is replaced, unless the pool is being destroyed already.
    const destroyed = this.#pool.destroy();
    this.#closing.abort(new Error('Expected kernel threads to be open, but they were closed'));
    await destroyed;
  }
}

const builtInErrors = new Map<string, ErrorConstructor>(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((error) => [error.name, error]),
);

function revived({ name, message, stack }: { name: string; message: string; stack: string | undefined }): Error {
  const error = new (builtInErrors.get(name) ?? Error)(message);
  // As own properties that are not enumerable, like those of an error that was never posted.
  Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true });
  if (error.name !== name) Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  return error;
}
