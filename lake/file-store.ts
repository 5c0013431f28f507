import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import {
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rmdir,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { Body, Creation, Leftover, ObjectInfo, ObjectStore } from './object-store.js';
import { bodySize, checkKey, holdsBody, isKey, TEMPORARY_SEGMENT } from './object-store.js';
import { LakeAccess, LakeUnavailable, ObjectNotFound } from './store-errors.js';
import type { StoreOperation } from './store-errors.js';
import { sweepFolders } from './sweep-folders.js';
import { toDisk } from './to-disk.js';

const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'Check the owner and the mode of the folder',
  EPERM: 'Check the owner and the mode of the folder, and that its file system supports hard links',
  ENOTSUP: 'The file system must support hard links: choose another folder',
  EROFS: 'The file system is mounted read-only: choose another folder',
  ENOTDIR: 'A file stands where a folder is expected: choose another folder or move the file',
  EEXIST: 'A file stands where a folder is expected: choose another folder or move the file',
  EISDIR: 'A folder stands where a file is expected: choose another key or move the folder',
};

/** How often a write starts over because another process removed an empty folder under it. */
const FOLDER_ATTEMPTS = 5;

// Every failure of node:fs is an Error with a code.
const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

const infoOf = (key: string, found: BigIntStats): ObjectInfo => ({
  key,
  bytes: Number(found.size),
  etag: [found.size, found.mtimeNs, found.ctimeNs, found.ino].map((part) => part.toString(36)).join('-'),
  modified: found.mtime,
});

/** Objects as files of a local folder, which is made by the first write. The path of a file is the key. */
export class FileStore implements ObjectStore {
  readonly url: string;
  readonly #root: string;
  readonly #temporary: string;
  /** Folders whose names, and those of the folders above, are known to have reached the disk. */
  readonly #onDisk = new Set<string>();

  constructor(folder: string) {
    this.#root = resolve(folder);
    // At the root, so that temporary files share the file system of their targets and never lie in a table's folder.
    this.#temporary = join(this.#root, TEMPORARY_SEGMENT);
    this.url = pathToFileURL(this.#root).href;
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    const path = this.localPath(key);
    try {
      const found = await stat(path, { bigint: true });
      return found.isFile() ? infoOf(key, found) : undefined;
    } catch (error) {
      if (await this.#isAbsent(error)) return undefined;
      throw this.#failure({ operation: 'look up', key }, error);
    }
  }

  async *list(prefix: string, after?: string): AsyncIterable<ObjectInfo> {
    const last = after === undefined ? undefined : Buffer.from(after);
    yield* this.#walk('', prefix, (key) => last === undefined || Buffer.compare(Buffer.from(key), last) > 0);
  }

  async *#walk(folder: string, prefix: string, isAfter: (key: string) => boolean): AsyncIterable<ObjectInfo> {
    for (const { name, isFolder } of await this.#entries(folder)) {
      const key = folder + name;
      if (isFolder) {
        if (key.startsWith(prefix) || prefix.startsWith(key)) yield* this.#walk(key, prefix, isAfter);
      } else if (key.startsWith(prefix) && isKey(key) && isAfter(key)) {
        // Absent where it was removed since the folder was read.
        const info = await this.head(key);
        if (info !== undefined) yield info;
      }
    }
  }

  /** A folder's entries, folders with a trailing slash: with it, byte order of names is byte order of the keys below them. */
  async #entries(folder: string): Promise<{ name: string; isFolder: boolean }[]> {
    const path = join(this.#root, folder);
    const entries: { name: string; isFolder: boolean }[] = [];
    try {
      for (const entry of await readdir(path, { withFileTypes: true })) {
        if (entry.name === TEMPORARY_SEGMENT) continue;
        const target = entry.isSymbolicLink() ? await stat(join(path, entry.name)).catch(() => undefined) : entry;
        if (target?.isDirectory()) entries.push({ name: `${entry.name}/`, isFolder: true });
        else if (target?.isFile()) entries.push({ name: entry.name, isFolder: false });
      }
    } catch (error) {
      if (!(await this.#isAbsent(error))) throw this.#failure({ operation: `list '${folder}' of` }, error);
    }
    return entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  }

  async read(key: string): Promise<Uint8Array> {
    const path = this.localPath(key);
    try {
      return await readFile(path);
    } catch (error) {
      throw await this.#readFailure(key, error);
    }
  }

  async stream(key: string): Promise<Readable> {
    const path = this.localPath(key);
    try {
      const file = await open(path);
      if ((await file.stat()).isFile()) return file.createReadStream();
      await file.close();
    } catch (error) {
      throw await this.#readFailure(key, error);
    }
    throw new ObjectNotFound({ store: this.url, operation: 'read', key });
  }

  async create(key: string, body: Body): Promise<Creation> {
    const path = this.localPath(key);
    // link() is the one call that both shows a complete file and refuses where a file is there.
    const linked = await this.#placing('create', key, body, async (temporary) => {
      const isOurs = await link(temporary, path).then(
        () => true,
        (error: unknown) => {
          if (codeOf(error) === 'EEXIST') return false;
          throw error;
        },
      );
      await unlink(temporary).catch(() => undefined);
      return isOurs;
    });
    if (linked) return 'created';
    const there = await this.head(key);
    if (there === undefined) {
      if (await stat(path).catch(() => undefined)) {
        throw this.#failure(
          { operation: 'create', key },
          Object.assign(new Error('a folder is there'), { code: 'EISDIR' }),
        );
      }
      // It was removed since link() met it.
      return this.create(key, body);
    }
    return (await holdsBody(body, there.bytes, () => this.stream(key))) ? 'same' : 'exists';
  }

  async write(key: string, body: Body): Promise<void> {
    const path = this.localPath(key);
    await this.#placing('write', key, body, (temporary) => rename(temporary, path));
  }

  /** Writes the body to a temporary file that has reached the disk, and has `place` give it its name; it is gone then. */
  async #placing<T>(operation: string, key: string, body: Body, place: (temporary: string) => Promise<T>): Promise<T> {
    await bodySize(body);
    const folder = dirname(this.localPath(key));
    const temporary = join(this.#temporary, randomUUID());
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#makeFolder(folder);
        await this.#writeTemporary(temporary, body);
        const placed = await place(temporary);
        await toDisk(folder);
        return placed;
      } catch (error) {
        await unlink(temporary).catch(() => undefined);
        if (codeOf(error) !== 'ENOENT' || attempt === FOLDER_ATTEMPTS) throw this.#failure({ operation, key }, error);
        this.#onDisk.delete(folder);
      }
    }
  }

  async #writeTemporary(file: string, body: Body): Promise<void> {
    const write = async (): Promise<void> => {
      // `flush` is fsync before close. A body in memory needs no stream.
      if (typeof body === 'string' || body instanceof Uint8Array) {
        await writeFile(file, body, { flag: 'wx', flush: true });
      } else {
        // By the system, without a byte passing through here; where it can, the copy shares the blocks.
        await copyFile(body.path, file, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
        await toDisk(file);
      }
    };
    await write().catch(async (error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
      await mkdir(this.#temporary, { recursive: true });
      await write();
    });
  }

  /** Makes the folders of an object; the first time also sees to it that their own names have reached the disk. */
  async #makeFolder(folder: string): Promise<void> {
    // Where another process has removed it since, the write fails, and starts over with this forgotten.
    if (this.#onDisk.has(folder)) return;
    const made = await mkdir(folder, { recursive: true });
    // Also where another process has made them: it may not have seen to that yet.
    const isAbove = made !== undefined && made.length <= this.#root.length;
    const outermost = isAbove ? dirname(made) : this.#root;
    for (let parent = folder; parent !== outermost;) {
      parent = dirname(parent);
      await toDisk(parent);
    }
    this.#onDisk.add(folder);
  }

  async remove(key: string): Promise<void> {
    const path = this.localPath(key);
    try {
      await unlink(path);
    } catch (error) {
      if (codeOf(error) !== 'EISDIR' && !(await this.#isAbsent(error))) {
        throw this.#failure({ operation: 'remove', key }, error);
      }
    }
  }

  localPath(key: string): string {
    checkKey(this.url, key);
    return join(this.#root, key);
  }

  async sweep(before: Date, prefixes: readonly string[], dryRun: boolean): Promise<readonly Leftover[]> {
    const folders = prefixes.map((prefix) => join(this.#root, prefix));
    try {
      return await sweepFolders(this.#temporary, folders, before, dryRun);
    } catch (error) {
      throw this.#failure({ operation: 'sweep' }, error);
    }
  }

  async probe(): Promise<void> {
    const file = join(this.#temporary, randomUUID());
    let made: string | undefined;
    try {
      made = await mkdir(this.#temporary, { recursive: true });
      await readdir(this.#root);
      await writeFile(file, 'probe');
      await link(file, `${file}-link`);
    } catch (error) {
      throw this.#failure({ operation: 'use' }, error);
    } finally {
      await unlink(file).catch(() => undefined);
      await unlink(`${file}-link`).catch(() => undefined);
      if (made !== undefined) await removeEmptyFolders(this.#temporary, made);
    }
  }

  async #readFailure(key: string, error: unknown): Promise<Error> {
    // A folder of that name is not an object, on S3 neither.
    if (codeOf(error) === 'EISDIR' || (await this.#isAbsent(error))) {
      return new ObjectNotFound({ store: this.url, operation: 'read', key }, { cause: error });
    }
    return this.#failure({ operation: 'read', key }, error);
  }

  /** `a/b` is absent while `a` is an object; but where the lake's own folder is a file, nothing can ever be there. */
  async #isAbsent(failure: unknown): Promise<boolean> {
    const code = codeOf(failure);
    if (code !== 'ENOTDIR') return code === 'ENOENT';
    const root = await stat(this.#root).catch(() => undefined);
    return root?.isDirectory() ?? false;
  }

  #failure(at: Omit<StoreOperation, 'store'>, error: unknown): Error {
    const where = { ...at, store: this.url };
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = REMEDIES[codeOf(error)];
    return remedy === undefined
      ? new LakeUnavailable(where, reason, { cause: error })
      : new LakeAccess(where, reason, remedy, { cause: error });
  }
}

async function removeEmptyFolders(innermost: string, outermost: string): Promise<void> {
  for (let folder = innermost; ; folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      // Another process has put something there.
      return;
    }
    if (folder === outermost) return;
  }
}
