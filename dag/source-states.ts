/** A file that a task read from outside the lake's artifacts, as it was then. */
export interface ReadFile {
  readonly name: string;
  readonly bytes: number;
  /** Differs where the file may have changed. */
  readonly etag: string;
}

export interface FileChange {
  readonly name: string;
  /** null of a file that is gone. */
  readonly bytes: number | null;
  readonly bytesBefore: number | null;
  /** `unknown` where the other run did not record what it read. */
  readonly change: 'same' | 'changed' | 'new' | 'gone' | 'unknown';
}

/** The files in a task's fingerprint, at any depth: whatever has a name, a size and an etag. */
export function filesIn(reads: unknown): readonly ReadFile[] {
  if (typeof reads !== 'object' || reads === null) return [];
  if ('name' in reads && 'bytes' in reads && 'etag' in reads) {
    const { name, bytes, etag } = reads;
    if (typeof name === 'string' && typeof bytes === 'number' && typeof etag === 'string')
      return [{ name, bytes, etag }];
  }
  return Object.values(reads).flatMap(filesIn);
}

/** What became of the files from one run to another; `before` is undefined where that one did not record them. */
export function fileChanges(
  before: readonly ReadFile[] | undefined,
  after: readonly ReadFile[],
): readonly FileChange[] {
  const was = new Map(before?.map((file) => [file.name, file]));
  const is = new Set(after.map(({ name }) => name));
  const here = after.map(({ name, bytes, etag }): FileChange => {
    const old = was.get(name);
    const bytesBefore = old?.bytes ?? null;
    if (before === undefined) return { name, bytes, bytesBefore, change: 'unknown' };
    if (old === undefined) return { name, bytes, bytesBefore, change: 'new' };
    return { name, bytes, bytesBefore, change: old.etag === etag ? 'same' : 'changed' };
  });
  const gone = [...was.values()].filter(({ name }) => !is.has(name));
  return [
    ...here,
    ...gone.map(({ name, bytes }) => ({ name, bytes: null, bytesBefore: bytes, change: 'gone' as const })),
  ];
}
