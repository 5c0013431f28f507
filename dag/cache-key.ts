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

/** Longest value that says more to people than its hash. */
const READABLE = 60;

/** Longest fingerprint that is kept as it is: some hundred source files. */
const READS = 64 * 1024;

/** What went into a key, part by part, short enough to be kept and compared: values where they are short, else hashes. */
export function keyFacts({ version, engine, input, fingerprint }: CacheKeyParts): KeyFacts {
  const named = typeof input === 'object' && input !== null ? Object.entries(input) : [['input', input] as const];
  // As in the key, an absent value is no `null`.
  const inputs = named.filter(([, value]) => value !== undefined);
  return {
    version,
    engine,
    inputs: Object.fromEntries(inputs.map(([name, value]) => [name, fact(value)])),
    ...(fingerprint === undefined ? {} : { fingerprint: fact(fingerprint) }),
    ...(fingerprint === undefined || canonical(fingerprint).length > READS ? {} : { reads: fingerprint }),
  };
}

export interface KeyFacts {
  readonly version: number;
  readonly engine: string;
  readonly inputs: { readonly [name: string]: string };
  readonly fingerprint?: string;
  /** The fingerprint itself, such as the source files and their states; absent where it is too long. */
  readonly reads?: unknown;
}

function fact(value: unknown): string {
  const text = canonical(value);
  return text.length <= READABLE ? text : `#${bytesToHex(sha256(utf8ToBytes(text))).slice(0, 16)}`;
}

/** What differs between the keys of two runs of a task, for people: `k: 6 -> 8`, `matrix changed`. */
export function keyChanges(before: KeyFacts, after: KeyFacts): string[] {
  const changes: string[] = [];
  if (before.version !== after.version) changes.push(`version ${before.version} -> ${after.version}`);
  if (before.engine !== after.engine) changes.push(`engine ${before.engine} -> ${after.engine}`);
  for (const name of new Set([...Object.keys(before.inputs), ...Object.keys(after.inputs)])) {
    const [was, is] = [before.inputs[name], after.inputs[name]];
    if (was === is) continue;
    const hashed = was === undefined || is === undefined || was.startsWith('#') || is.startsWith('#');
    // An artifact's hash tells people nothing.
    const handle = `${was}${is}`.includes('"artifact":');
    changes.push(hashed || handle ? `${name} changed` : `${name}: ${was} -> ${is}`);
  }
  if (before.fingerprint !== after.fingerprint) changes.push('what it reads outside the lake changed');
  return changes;
}
