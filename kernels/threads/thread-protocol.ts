import type { MessagePort } from 'node:worker_threads';
import type { CrewKernelName } from './crew-registry.js';
import type { KernelName } from './kernel-registry.js';

/** What a thread is sent. */
export interface KernelCall {
  readonly name: KernelName;
  /** The input of that kernel. */
  readonly input: unknown;
  /** Where its progress is posted to. */
  readonly progress: MessagePort;
}

/** What each thread of a crew is sent. */
export interface CrewCall {
  readonly name: CrewKernelName;
  /** The same for all. */
  readonly input: unknown;
  readonly progress: MessagePort;
  readonly crew: {
    readonly place: Int32Array<SharedArrayBuffer>;
    readonly index: number;
    readonly size: number;
  };
}

/** What it answers. An error as plain data, because structured clone drops the name of all but the built-in errors. */
export type KernelAnswer =
  | { readonly output: unknown; readonly error?: undefined }
  | { readonly error: { readonly name: string; readonly message: string; readonly stack: string | undefined } };
