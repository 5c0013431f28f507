import type { Workload } from './workload.js';

/** A way to run the workloads, ready to do so. */
export interface Contender {
  readonly key: string;
  /** A failure of a peer is reported, and the others go on; any other ends the bench. */
  readonly peer: boolean;
  /** Runs a workload until its end is known here. Rejects where the run fails. */
  run(workload: Workload): Promise<void>;
  /** Called around its turns: it must not take time from the others while it waits. */
  pause(): void;
  resume(): void;
}

/** What contenders that share a server or an installation start together. */
export interface Camp {
  /** Name of each contender by its key. */
  readonly names: { readonly [key: string]: string };
  /** Installs what is missing and starts the wanted contenders. Rejects where they cannot be had here. */
  start(wanted: ReadonlySet<string>, place: Place): Promise<Started>;
}

export interface Started {
  readonly contenders: readonly Contender[];
  close(): Promise<void>;
}

/** Where a camp puts its things. */
export interface Place {
  /** For this run of the bench; removed after it. */
  readonly scratch: string;
  /** Kept from run to run: installations and logs. */
  readonly home: string;
  log(line: string): void;
}
