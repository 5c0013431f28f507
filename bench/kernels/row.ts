import type { Data } from './data.js';
import type { Figures } from './side.js';

export type Settings = { readonly [name: string]: unknown };

/** How far the results of two sides are the same. */
export interface Agreement {
  readonly says: string;
  /** As far as the row asks for. */
  readonly holds: boolean;
}

/** Work that the machine has a limit for, see `limits.ts`. */
export interface Plain {
  readonly unit: 'multiplyAdds' | 'bytes';
  readonly amount: number;
}

/** One of those that a row compares ours with. */
export interface Peer {
  readonly name: string;
  /** What its script is told to do it by. */
  readonly way: string;
  /** We mean to be so many times as fast. */
  readonly atLeast?: number;
  /** We mean to take this share of its memory at most. */
  readonly memoryAtMost?: number;
  /** What it gets beside the row's settings, by what came of our warm-up. */
  settings?(ours: Figures): Settings;
  /** It only measures the machine: there is no result to compare. */
  readonly measure?: true;
}

/** A row that is one size of several of the same work. */
export interface AtSize {
  readonly work: string;
  /** What the work grows with, in millions. */
  readonly millions: number;
  /** We mean to take no more. */
  readonly memoryAtMostMiB: number;
}

/** A line of the table: one piece of work, done by us and by others. */
export interface Row {
  /** By which it is asked for: `npm run bench -- kmeans`. */
  readonly group: string;
  readonly title: string;
  /** Of ours `<script>.ts`, of the peers `<script>.py`. */
  readonly script: string;
  readonly peers: readonly Peer[];
  /** Makes the data where it is missing, and says what all sides get. Throws `NotHere` where there can be none. */
  prepare(data: Data): Promise<Settings>;
  /**
   * What the work takes where every distance is measured and the matrix is read once for each pass, given what came of ours.
   * Bounds may need less of it.
   */
  plain?(settings: Settings, ours: Figures): Plain;
  /** Compared with the rows of the same work. */
  readonly size?: AtSize;
  /** Rounds after the warm-up at most, of work that takes long. */
  readonly roundsAtMost?: number;
  /** What else is to be told of ours, below the table. */
  notes?(ours: Figures): readonly string[];
  judge(ours: Figures, theirs: Figures, settings: Settings): Promise<Agreement>;
}
