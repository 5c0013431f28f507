/** Why an object has to stay. */
export type Why =
  | 'named by a run'
  | 'published'
  | 'may be put back'
  | 'young'
  | 'condemned, waiting'
  | 'kept by a run just now'
  | 'newest of its date';

/** Keys that have to stay, and why. */
export class Roots {
  readonly why = new Map<string, Why>();

  /** The first reason is the one that is told. */
  add(keys: Iterable<string>, why: Why): void {
    for (const key of keys) if (!this.why.has(key)) this.why.set(key, why);
  }

  has(key: string): boolean {
    return this.why.has(key);
  }
}
