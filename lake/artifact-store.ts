import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Artifact } from '../dag/artifact.js';
import { touchCached } from './bounded-cache.js';
import type { CacheBound } from './bounded-cache.js';
import { contentOf } from './content-hash.js';
import type { FileContent } from './content-hash.js';
import { download } from './download.js';
import { keepKeys, lastSighting } from './keep-objects.js';
import type { ObjectStore } from './object-store.js';

export interface ArtifactDescription {
  readonly rows: number;
  /** Columns in order, as `name type`. */
  readonly schema: readonly string[];
  readonly report?: NonNullable<Artifact['report']>;
  /** Of this very file, by whoever wrote it; left out, it is read for it. */
  readonly content?: FileContent;
}

/** Wide tables are described by their first columns: a handle has to stay small. */
const SCHEMA_COLUMNS_IN_HANDLE = 12;

/** Where the lake keeps an artifact: `ending` begins with a dot. */
export const artifactKey = (kind: string, sha256: string, ending: string): string =>
  `artifacts/${kind}/${sha256}${ending}`;

/**
 * Puts a finished local file into the lake under the hash of its bytes. Writing what is there already does nothing,
 * so a task that dies and runs again leaves one object, never half of one.
 */
export async function putArtifact<Kind extends string>(
  store: ObjectStore,
  kind: Kind,
  file: string,
  description: ArtifactDescription,
): Promise<Artifact<Kind>> {
  const { sha256, bytes } = description.content ?? (await contentOf(file));
  const { size } = await stat(file);
  if (size !== bytes) throw new Error(`Expected the ${bytes} bytes that were hashed in ${file}, got ${size}`);
  const uri = artifactKey(kind, sha256, extname(file));
  const since = await lastSighting(store);
  const outcome = await store.create(uri, { path: file });
  // An object of this name with other bytes can only be damage: the name is the hash of what belongs there.
  if (outcome === 'exists') await store.write(uri, { path: file });
  // What was there already may be condemned. Whoever names it looks once more, after the record; here it saves work.
  const isGone = outcome !== 'created' && (await keepKeys(store, [uri], since)).length > 0;
  if (isGone) await store.create(uri, { path: file });
  // Field by field: whatever else the caller's object holds, such as a path in scratch, differs from attempt to attempt.
  const { rows, schema, report } = description;
  const handle = { kind, uri, sha256, bytes, rows, schema: shortSchema(schema) };
  return report === undefined ? handle : { ...handle, report };
}

function shortSchema(columns: readonly string[]): readonly string[] {
  if (columns.length <= SCHEMA_COLUMNS_IN_HANDLE) return columns;
  const shown = columns.slice(0, SCHEMA_COLUMNS_IN_HANDLE);
  return [...shown, `… ${columns.length - shown.length} more`];
}

/** Whether the artifact's object is there with the size that its handle says. */
export async function artifactExists(store: ObjectStore, artifact: Artifact): Promise<boolean> {
  return (await store.head(artifact.uri))?.bytes === artifact.bytes;
}

/**
 * A local path to read the artifact from: the lake's own file where the lake is a folder, else a copy in
 * `cacheFolder`, downloaded once and checked against the hash. Nobody may write to it.
 */
export async function openArtifact(
  store: ObjectStore,
  cacheFolder: string,
  artifact: Artifact,
  bound?: CacheBound,
): Promise<string> {
  const { uri, bytes, sha256 } = artifact;
  const inPlace = store.localPath(uri);
  if (inPlace !== undefined) {
    const size = (await store.head(uri))?.bytes;
    if (size === bytes) return inPlace;
    const found = size === undefined ? 'none' : `one of ${size} bytes: it is damaged`;
    throw new Error(`Expected an artifact of ${bytes} bytes at '${uri}' in lake ${store.url}, got ${found}`);
  }
  const copy = join(cacheFolder, 'artifacts', `${sha256}${extname(uri)}`);
  if (!(await touchCached(copy, bytes))) await download(store, uri, copy, { bytes, sha256 }, bound);
  return copy;
}

/** The hash of what lies at an artifact's place, read whole. */
export async function storedSha256(store: ObjectStore, artifact: Artifact): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of await store.stream(artifact.uri)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
