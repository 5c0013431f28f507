/** The sizes of an audience, as shares of the candidates, for which it is said what to expect. */
export const SIZES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5] as const;

/** What to expect of an audience of a size, from held-out seeds. */
export interface Expected {
  /** A share of the candidates, the best first. */
  readonly size: number;
  /** Which share of the held-out seeds is in it. */
  readonly recall: number;
  /** Recall over size: how many times as many as in a list drawn by chance. */
  readonly lift: number;
}

/** One way to score that was tried on held-out seeds. */
export interface Trial {
  /** Neighbours looked at; null for a score that looks at none. */
  readonly k: number | null;
  /** Columns count by this power of how far they separate the seeds from the rest; 0: all alike. */
  readonly emphasis: number;
  /** Area under the ROC curve, the mean over the folds: how often a held-out seed scores above somebody else. */
  readonly auc: number;
}

/** How candidates were scored, and what that is worth. */
export interface Scoring {
  readonly score: 'contrast' | 'mean-distance';
  readonly k: number | null;
  readonly emphasis: number;
  /** Of the way that was chosen; null where there are too few seeds to hold any out. */
  readonly auc: number | null;
  readonly trials: readonly Trial[];
  /** Seeds that were held out, over all folds. */
  readonly heldOut: number;
  readonly folds: number;
  /** For each of `SIZES`; none where no seeds could be held out. The way to score was chosen on the same folds. */
  readonly expected: readonly Expected[];
  /** Whom candidates are compared with, of how many. */
  readonly reference: {
    readonly seeds: number;
    readonly of: number;
    readonly others: number;
    readonly ofOthers: number;
  };
  /** The columns that count most, and what their distances are multiplied by (the largest is 1). */
  readonly columns: readonly { readonly column: string; readonly weight: number }[];
}

/** A list of customers that somebody named, and how many of them there are. */
export interface NamedCustomers {
  readonly named: number;
  readonly found: number;
  /** Ids that no customer has; a few of them as examples. */
  readonly unknown: number;
  readonly examples: readonly string[];
}

/** All that is known of an audience beside its members. */
export interface AudienceReport {
  readonly name: string;
  readonly customers: number;
  readonly seeds: NamedCustomers;
  readonly suppressed: NamedCustomers;
  /** No seeds, not suppressed, within the filter. */
  readonly candidates: number;
  readonly members: number;
  /** What its conditions ask for and no customer has, and a size that there are no candidates for: for people. */
  readonly hints?: readonly string[];
  readonly scoring: Scoring;
}
