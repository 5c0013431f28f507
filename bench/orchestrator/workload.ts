/** What every contender runs: a chain of empty tasks, and one root, many empty tasks side by side, and one that joins them. */
export type Workload = 'chain' | 'fan-out';

export const WORKLOADS: readonly Workload[] = ['chain', 'fan-out'];

export const CHAIN_LENGTH = 7;
export const FAN_OUT_WIDTH = 100;
