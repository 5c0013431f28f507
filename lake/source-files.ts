import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { extname, isAbsolute, join, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { BadInput } from './bad-input.js';
import { touchCached } from './bounded-cache.js';
import type { CacheBound } from './bounded-cache.js';
import { download } from './download.js';
import type { ObjectStore } from './object-store.js';
import type { SourceDefinition } from './source-definition.js';

const LAKE = 'lake:';

export type FileFormat = 'csv' | 'parquet' | 'xlsx';

/** Where files are looked for: paths or globs, and their format where their names do not tell it. */
export interface FilePatterns {
  readonly path: readonly string[];
  readonly format?: FileFormat | undefined;
}

/** One file of a source, found and not opened yet. */
export interface SourceFile {
  /** As people know it: a path, or `lake:` and a key. */
  readonly name: string;
  readonly format: FileFormat;
  readonly bytes: number;
  /** Changes whenever the bytes may have changed. */
  readonly etag: string;
}

export type SourceListing = { readonly [files: string]: readonly SourceFile[] };

/** The files of each set, by name. A pattern without a file, an empty file and an unknown format are refused. */
export async function listSourceFiles(store: ObjectStore, source: SourceDefinition): Promise<SourceListing> {
  const listing: { [files: string]: readonly SourceFile[] } = {};
  for (const [name, set] of Object.entries(source.files)) {
    listing[name] = await listFiles(store, source.name, set, ['csv', 'parquet']);
  }
  return listing;
}

/** The files that some patterns find, each once, in order of their names. Refuses what `formats` does not have. */
export async function listFiles(
  store: ObjectStore,
  source: string,
  { path, format }: FilePatterns,
  formats: readonly FileFormat[],
): Promise<readonly SourceFile[]> {
  const found = await Promise.all(
    path.map(async (pattern) => {
      const files = await (pattern.startsWith(LAKE)
        ? listInLake(store, pattern.slice(LAKE.length))
        : listOnDisk(pattern));
      if (files.length > 0) return files;
      const culprit = { source, file: pattern };
      throw new BadInput('no such file: check the path, which is relative to the configuration file', culprit);
    }),
  );
  const unique = new Map(found.flat().map((file) => [file.name, file]));
  return [...unique.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((file): SourceFile => {
      const culprit = { source, file: file.name };
      if (file.bytes === 0) throw new BadInput('the file is empty: 0 bytes, not even a header', culprit);
      return { ...file, format: format ?? formatOf(file.name, formats, culprit) };
    });
}

const ENDINGS: { readonly [ending: string]: FileFormat } = {
  '.parquet': 'parquet',
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.xlsx': 'xlsx',
  '.xlsm': 'xlsx',
};

function formatOf(name: string, formats: readonly FileFormat[], culprit: { source: string; file: string }): FileFormat {
  const ending = extname(name.replace(/\.gz$/, '')).toLowerCase();
  const format = ENDINGS[ending];
  if (format !== undefined && formats.includes(format)) return format;
  const wanted = formats.map((one) => `.${one}`).join(' or ');
  throw new BadInput(`Expected a name that ends in ${wanted}, got '${ending}': say \`format\``, culprit);
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
