import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Artifact } from '../dag/artifact.js';
import { fileSha256 } from './content-hash.js';
import type { ObjectStore } from './object-store.js';

export interface ArtifactDescription {
  readonly rows: number;
  /** Columns in order, as `name type`. */
  readonly schema: readonly string[];
  readonly report?: NonNullable<Artifact['report']>;
}

/** Wide tables are described by their first columns: a handle has to stay small. */
const SCHEMA_COLUMNS_IN_HANDLE = 12;

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
  const [sha256, { size }] = [await fileSha256(file), await stat(file)];
  const uri = `artifacts/${kind}/${sha256}${extname(file)}`;
  const outcome = await store.create(uri, { path: file });
  // An object of this name with other bytes can only be damage: the name is the hash of what belongs there.
  if (outcome === 'exists') await store.write(uri, { path: file });
  return { kind, uri, sha256, bytes: size, ...description, schema: shortSchema(description.schema) };
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
export async function openArtifact(store: ObjectStore, cacheFolder: string, artifact: Artifact): Promise<string> {
  const inPlace = store.localPath(artifact.uri);
  if (inPlace !== undefined) return inPlace;
  const copy = join(cacheFolder, 'artifacts', `${artifact.sha256}${extname(artifact.uri)}`);
  const size = await stat(copy).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === artifact.bytes) return copy;
  await download(store, artifact.uri, copy, artifact.sha256);
  return copy;
}

/** Copies an object to a local path, atomically; with `sha256`, only if its bytes are the ones expected. */
export async function download(store: ObjectStore, key: string, path: string, sha256?: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}.part`;
  const hash = createHash('sha256');
  const tee = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(await store.stream(key), tee, createWriteStream(partial));
    const came = hash.digest('hex');
    if (sha256 !== undefined && came !== sha256) {
      throw new Error(`Expected ${key} in ${store.url} to have SHA-256 ${sha256}, got ${came}`);
    }
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}
