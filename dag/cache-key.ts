import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { isArtifact } from './artifact.js';

export interface CacheKeyParts {
  readonly task: string;
  /** The task's own version: its author raises it when the same input must give another output. */
  readonly version: number;
  /** Version of everything below the task: ours and the query engine's. */
  readonly engine: string;
  /** Parameters and artifacts, as the task gets them. */
  readonly input: unknown;
  /** What the task reads from outside the lake's artifacts, such as the state of its source files. */
  readonly fingerprint?: unknown;
}

/**
 * The hash under which a task's output is remembered. Artifacts count by kind and content alone, so an input that was
 * computed anew and came out the same still hits; the order of an object's keys does not count.
 */
export const cacheKey = (parts: CacheKeyParts): string => bytesToHex(sha256(utf8ToBytes(canonical(parts))));

/** JSON with sorted keys, artifacts replaced by their content, and absent values left out. */
export function canonical(value: unknown): string {
  if (isArtifact(value)) return canonical({ artifact: value.kind, content: value.sha256 });
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    // A Date or a Map has no entries: all of them would be one key.
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      throw new RangeError(`Expected plain data in a cache key, got a ${value.constructor.name}`);
    }
    const entries = Object.entries(value).filter(([, field]) => field !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RangeError(`Expected finite numbers in a cache key, got ${value}`);
  }
  return JSON.stringify(value ?? null);
}
