/** What started a run: a person, a schedule or a backfill, the latter two by their names. */
export type RunOrigin =
  | { readonly kind: 'manual' }
  | { readonly kind: 'scheduled'; readonly schedule: string }
  | { readonly kind: 'backfill'; readonly backfill: string };

export const MANUAL: RunOrigin = { kind: 'manual' };
