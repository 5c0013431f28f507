import { artifactsIn } from '../dag/artifact.js';
import type { Artifact } from '../dag/artifact.js';
import { PermanentError } from '../dag/permanent-error.js';
import { artifactKey, openArtifact } from './artifact-store.js';
import { contentOf } from './content-hash.js';
import type { TableFile } from './delta-log.js';
import type { ObjectStore } from './object-store.js';
import type { PartitionVersion } from './partition-history.js';
import { jsonOf } from './read-json.js';

/** The bytes of an earlier version are no longer in the lake, or never were kept. */
export class ContentGone extends PermanentError {
  override readonly name = 'ContentGone';
}

/** Which bytes a version of a partition was, and what else belongs to it, such as its kNN index. */
export interface KeptContent {
  readonly file: TableFile;
  /** What was published outlives the table's own file of it as an artifact of the table's name. */
  readonly artifact: Artifact;
  readonly companions: readonly Artifact[];
}

/** Throws `ContentGone` where another program wrote the version: it says nothing of the bytes, and they are not kept. */
export function keptContent(table: string, fecha: string, { version, files }: PartitionVersion): KeptContent {
  const [file, ...more] = files;
  const sha256 = file?.tags.sha256;
  if (file === undefined || sha256 === undefined || more.length > 0) {
    throw new ContentGone(
      `Expected version ${version} of ${table} for ${fecha} to be one file that a run published, got ${files.length} ` +
        'with what another program wrote, whose bytes are not kept: choose another version',
    );
  }
  const uri = artifactKey(table, sha256, '.parquet');
  const artifact = { kind: table, uri, sha256, bytes: file.bytes, rows: file.rows, schema: [] };
  return { file, artifact, companions: Object.values(file.tags).map(jsonOf).flatMap(artifactsIn) };
}

/** Throws `ContentGone`, with the object's key, unless all of it is in the lake. */
export async function checkKept(store: ObjectStore, { artifact, companions }: KeptContent): Promise<void> {
  for (const part of [artifact, ...companions]) {
    const found = await store.head(part.uri);
    if (found?.bytes !== part.bytes) throw gone(store, part, found === undefined ? 'none' : `${found.bytes} bytes`);
  }
}

/** A local path to read the content from. Throws `ContentGone` where it is not what its name says. */
export async function openKept(store: ObjectStore, cacheFolder: string, { artifact }: KeptContent): Promise<string> {
  const path = await openArtifact(store, cacheFolder, artifact);
  // A copy was checked as it came; a file of the lake itself has been believed by its size until here.
  const { sha256 } = await contentOf(path);
  if (sha256 !== artifact.sha256) throw gone(store, artifact, 'others: it is damaged');
  return path;
}

const gone = (store: ObjectStore, { uri, bytes }: Artifact, found: string): ContentGone =>
  new ContentGone(
    `Expected the ${bytes} bytes that were published at '${uri}' in lake ${store.url}, got ${found}. ` +
      'Bring the object back, or choose another version',
  );
