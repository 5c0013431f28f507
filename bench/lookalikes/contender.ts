import type { ProcessFigures } from './process-figures.js';

/** What one run took; memory and processor time of the process that did the work. */
export interface Figures extends ProcessFigures {
  /** From the table's file to all outputs. */
  readonly seconds: number;
  /** For the 10 nearest of 1,000 customers, asked one after the other or all at once, whichever it can. */
  readonly questionSeconds: number;
  /** Of the steps, as its own words have them. */
  readonly steps: { readonly [step: string]: number };
  readonly customers: number;
}

/** Someone who makes clean customers, neighbours, components, an audience and plots of a dirty table. */
export interface Contender {
  readonly key: string;
  readonly name: string;
  /** A failure of a peer is reported, and the others go on; any other ends the bench. */
  readonly peer: boolean;
  /** Runs it once, in a process of its own that is new and warm. */
  run(round: number): Promise<Figures>;
}
