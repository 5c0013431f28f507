import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { extname, isAbsolute, join, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { BadInput } from './bad-input.js';
import { touchCached } from './bounded-cache.js';
import type { CacheBound } from './bounded-cache.js';
import { download } from './download.js';
import type { ObjectStore } from './object-store.js';
import type { FileSet, SourceDefinition } from './source-definition.js';

const LAKE = 'lake:';

/** One file of a source, found and not opened yet. */
export interface SourceFile {
  /** As people know it: a path, or `lake:` and a key. */
  readonly name: string;
  readonly format: 'csv' | 'parquet';
  readonly bytes: number;
  /** Changes whenever the bytes may have changed. */
  readonly etag: string;
}

export type SourceListing = { readonly [files: string]: readonly SourceFile[] };

/** The files of each set, by name. A pattern without a file, an empty file and an unknown format are refused. */
export async function listSourceFiles(store: ObjectStore, source: SourceDefinition): Promise<SourceListing> {
  const listing: { [files: string]: readonly SourceFile[] } = {};
  for (const [name, set] of Object.entries(source.files)) {
    const found = await Promise.all(set.path.map((pattern) => listPattern(store, source, set, pattern)));
    const unique = new Map(found.flat().map((file) => [file.name, file]));
    listing[name] = [...unique.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
  return listing;
}

async function listPattern(store: ObjectStore, source: SourceDefinition, set: FileSet, pattern: string) {
  const found = pattern.startsWith(LAKE)
    ? await listInLake(store, pattern.slice(LAKE.length))
    : await listOnDisk(pattern);
  if (found.length === 0) {
    throw new BadInput('no such file: check the path, which is relative to the configuration file', {
      source: source.name,
      file: pattern,
    });
  }
  return found.map((file): SourceFile => {
    const culprit = { source: source.name, file: file.name };
    if (file.bytes === 0) throw new BadInput('the file is empty: 0 bytes, not even a header', culprit);
    return { ...file, format: set.format ?? formatOf(file.name, culprit) };
  });
}

function formatOf(name: string, culprit: { source: string; file: string }): 'csv' | 'parquet' {
  const ending = extname(name.replace(/\.gz$/, '')).toLowerCase();
  if (ending === '.parquet') return 'parquet';
  if (ending === '.csv' || ending === '.tsv' || ending === '.txt') return 'csv';
  throw new BadInput(`Expected a name that ends in .csv or .parquet, got '${ending}': say \`format\``, culprit);
}

async function listOnDisk(pattern: string): Promise<Omit<SourceFile, 'format'>[]> {
  if (!isAbsolute(pattern)) throw new RangeError(`Expected an absolute path or glob, got '${pattern}'`);
  const plain = await stat(pattern).catch(() => undefined);
  const paths = plain?.isFile() === true ? [pattern] : await globOnDisk(pattern);
  return Promise.all(
    paths.map(async (path) => {
      const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
      return { name: path, bytes: Number(size), etag: [size, mtimeNs, ctimeNs, ino].join('-') };
    }),
  );
}

/** Folders that are there as written are names, not patterns: their brackets and parentheses mean themselves. */
async function globOnDisk(pattern: string): Promise<string[]> {
  const segments = pattern.split(sep);
  let depth = 1;
  const folder = (): string => segments.slice(0, depth + 1).join(sep);
  while (depth + 1 < segments.length && (await stat(folder()).catch(() => undefined))?.isDirectory() === true)
    depth += 1;
  const cwd = segments.slice(0, depth).join(sep) || sep;
  return glob(segments.slice(depth).join('/'), { cwd, absolute: true, onlyFiles: true, expandDirectories: false });
}

async function listInLake(store: ObjectStore, pattern: string): Promise<Omit<SourceFile, 'format'>[]> {
  const matches = keyPattern(pattern);
  const prefix = pattern.slice(0, pattern.search(/[*?]|$/));
  const found: Omit<SourceFile, 'format'>[] = [];
  for await (const { key, bytes, etag } of store.list(prefix)) {
    if (matches.test(key)) found.push({ name: `${LAKE}${key}`, bytes, etag });
  }
  return found;
}

/** `*` and `?` stay within a folder, `**` crosses folders. */
function keyPattern(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/|\*\*|\*|\?)/).map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('')}$`, 'u');
}

/** A local path to read the file from; a file in a remote lake is copied once for each state it was in. */
export async function localSourceFile(
  store: ObjectStore,
  cacheFolder: string,
  file: SourceFile,
  bound?: CacheBound,
): Promise<string> {
  if (!file.name.startsWith(LAKE)) return file.name;
  const key = file.name.slice(LAKE.length);
  const inPlace = store.localPath(key);
  if (inPlace !== undefined) return inPlace;
  const state = createHash('sha256').update(`${store.url} ${key} ${file.etag}`).digest('hex');
  const copy = join(cacheFolder, 'sources', `${state}${extname(key)}`);
  if (!(await touchCached(copy, file.bytes))) await download(store, key, copy, file, bound);
  return copy;
}
