/** A value that survives a trip through JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * A handle on bytes in the lake: what tasks give each other instead of rows.
 * The content decides the identity: two artifacts with one `sha256` are the same input, whatever their `report` says.
 */
export interface Artifact<Kind extends string = string> {
  readonly kind: Kind;
  /** Key of the object below the lake's root. */
  readonly uri: string;
  /** Lower-case hex digest of the object's bytes. */
  readonly sha256: string;
  /** Size of the object in bytes. */
  readonly bytes: number;
  readonly rows: number;
  /** Columns in order, as `name type`; long lists are cut with a closing `… n more`, so that the handle stays small. */
  readonly schema: readonly string[];
  /** Figures for people (counts by reason, inertia, …). Never part of a cache key. */
  readonly report?: { readonly [figure: string]: Json };
}

export const isArtifact = (value: unknown): value is Artifact =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  'uri' in value &&
  'sha256' in value &&
  typeof value.sha256 === 'string';

/** Every artifact inside a task's input or output, in the order of its keys. */
export function artifactsIn(value: unknown): Artifact[] {
  if (isArtifact(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(artifactsIn);
}
