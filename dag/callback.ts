import type { RunEvent, RunEventName } from './run-event.js';

/** Who wants to be told by HTTP of what happens to runs. */
export interface Callback {
  /** http or https, without user and password. Its path and query may be secrets: neither goes into a log. */
  readonly url: string;
  readonly on: readonly RunEventName[];
  /** Ids of the DAGs whose runs are told; all where it is left out. */
  readonly dags?: readonly string[];
  /** The HMAC key. Without one, what is sent is not signed. */
  readonly secret?: string;
}

/** The callbacks that want this event, in the order of the configuration. */
export const callbacksFor = (
  callbacks: readonly Callback[],
  { event, dag }: Pick<RunEvent, 'event' | 'dag'>,
): Callback[] => callbacks.filter(({ on, dags }) => on.includes(event) && (dags?.includes(dag) ?? true));
