import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { rejectedBy } from '../dag/rejected-by.js';
import { boundCache, touchCached } from '../lake/bounded-cache.js';
import type { DuckDb } from '../lake/duckdb.js';
import { jsonOf } from '../lake/read-json.js';
import { readFailure } from '../lake/read-failure.js';
import type { SourceDefinition } from '../lake/source-definition.js';
import { listSourceFiles } from '../lake/source-files.js';
import type { SourceFile, SourceListing } from '../lake/source-files.js';
import type { OpenedFile } from '../lake/source-tables.js';
import { parquetFile } from '../lake/sql.js';
import { toDisk } from '../lake/to-disk.js';
import type { TaskContext } from './define-activity.js';
import { ENGINE_VERSION } from './engine-version.js';
import { mapEvents, sourceFacts } from './map-events.js';
import type { SourceFacts } from './map-events.js';
import { openSourceFiles } from './open-source-files.js';
import { copyToParquet } from './write-parquet.js';

/** Raise it when the same files must be staged as other rows. */
const VERSION = 2;

/** `bytes` are those of the file of rows; 0 where the source's own files are read in place. */
const kept = sourceFacts.extend({ bytes: z.number() });

export interface StagedSource {
  readonly facts: SourceFacts;
  readonly listing: SourceListing;
  /** A file of the rows of all dates; the source's own files where they are as good. */
  readonly rows: string | SourceFiles;
  /** The path, less the extension, of the files in which it waits for other tasks. */
  readonly place: string;
}

export type SourceFiles = { readonly [name: string]: readonly OpenedFile[] };

/** Stagings that this process is at, by what they make: tasks of several dates come for the same one at once. */
const underway = new Map<string, Promise<unknown>>();

/**
 * A source is taken apart, joined and freed of repeats once for each state of its files: its rows of all dates wait in the
 * worker's cache folder for the next date, as a Parquet file, unless the source's own files are as good. Tasks of other dates
 * wait meanwhile. A select that may give other rows each time is asked for each task, and so it is where the task is not to
 * take what is remembered.
 */
export async function stageSource(
  context: TaskContext,
  source: SourceDefinition,
  timeZone: string,
): Promise<StagedSource> {
  const listing = await listSourceFiles(context.store, source);
  const { files: sets, events, select, eventKey } = source;
  const of = [VERSION, ENGINE_VERSION, timeZone, context.store.url, sets, events, select, eventKey, listing];
  const place = join(context.cacheFolder, 'staged', createHash('sha256').update(JSON.stringify(of)).digest('hex'));
  const work = async () => stage(context, source, timeZone, listing, place);
  const { facts, file } = context.isRefresh ? await work() : await stagedOnce(place, context, work);
  const rows = facts.inPlace ? await openSourceFiles(context, source, listing) : file;
  return { facts, listing, rows, place };
}

/** Makes the next task stage the source anew. */
export const forgetStaged = async ({ place }: StagedSource): Promise<void> => rm(factsOf(place), { force: true });

/** Makes the relation `mapped$` (`mapEvents`); over a staged file it has a column `fila`, a row's number. */
export async function openStaged(db: DuckDb, source: SourceDefinition, { facts, rows }: StagedSource): Promise<void> {
  if (typeof rows !== 'string') await mapEvents(db, source, rows, facts);
  else {
    await db.run(`CREATE VIEW mapped$ AS SELECT *, file_row_number AS fila FROM ${parquetFile(rows)}`);
  }
}

/** An ordinary error where files of a source have changed since they were listed: they may have settled by the next try. */
export async function checkUnchanged(
  context: TaskContext,
  source: SourceDefinition,
  listing: SourceListing,
): Promise<void> {
  const filesOf = (one: SourceListing): readonly SourceFile[] => Object.values(one).flat();
  const stateOf = ({ name, etag }: SourceFile): string => `${name} ${etag}`;
  const now = new Set(filesOf(await listSourceFiles(context.store, source)).map(stateOf));
  const changed = filesOf(listing).find((file) => !now.has(stateOf(file)));
  if (changed === undefined) return;
  throw new Error(
    `Expected '${changed.name}' of source '${source.name}' to stay as it is, it changed while it was read`,
  );
}

/** What went wrong with a source's files, as `readFailure`; with a file of the task's own, as it is. */
export function sourceFailure(source: SourceDefinition, files: SourceFiles, scratch: string, error: unknown): unknown {
  const isOwn = error instanceof Error && error.message.includes(scratch);
  return isOwn ? error : readFailure(source, Object.values(files).flat(), error);
}

interface Staged {
  readonly facts: SourceFacts;
  readonly file: string;
}

async function stagedOnce(place: string, context: TaskContext, stage: () => Promise<Staged>): Promise<Staged> {
  for (;;) {
    const known = await recall(place);
    if (known !== undefined) return { facts: known, file: rowsOf(place) };
    const other = underway.get(place);
    if (other === undefined) break;
    // It may end by an abort that does not concern this task: then this one does the work.
    const ended = Promise.race([other.catch(() => undefined), rejectedBy(context.signal)]);
    await context.transferring('waiting for the source to be staged', ended);
  }
  const work = stage();
  underway.set(place, work);
  try {
    return await work;
  } finally {
    underway.delete(place);
  }
}

async function stage(
  context: TaskContext,
  source: SourceDefinition,
  timeZone: string,
  listing: SourceListing,
  place: string,
): Promise<Staged> {
  const files = await openSourceFiles(context, source, listing);
  const file = join(context.scratch, 'staged.parquet');
  // A database of its own: what it holds of the files is gone before the rows of a date are looked at.
  const facts = await context.withDuckDb(timeZone, async (db, phase) => {
    phase('reading the source');
    try {
      const facts = await mapEvents(db, source, files);
      if (!facts.inPlace) await copyToParquet(db, file, { select: 'SELECT * FROM mapped$', orderBy: null });
      return facts;
    } catch (error) {
      throw sourceFailure(source, files, context.scratch, error);
    }
  });
  // Nothing is kept of work that was called off.
  context.signal.throwIfAborted();
  await checkUnchanged(context, source, listing);
  if (!facts.repeatable) return { facts, file };
  await mkdir(dirname(place), { recursive: true });
  if (!facts.inPlace) await keep(file, rowsOf(place));
  const bytes = facts.inPlace ? 0 : (await stat(rowsOf(place))).size;
  const said = join(context.scratch, 'staged.json');
  await writeFile(said, JSON.stringify({ ...facts, bytes }));
  await keep(said, factsOf(place));
  await boundCache(dirname(place));
  return { facts, file: rowsOf(place) };
}

/** On disk before it has its name: it is later believed by its size. */
async function keep(file: string, place: string): Promise<void> {
  await toDisk(file);
  await rename(file, place);
}

const rowsOf = (place: string): string => `${place}.parquet`;
const factsOf = (place: string): string => `${place}.json`;

async function recall(place: string): Promise<SourceFacts | undefined> {
  const found = await readFile(factsOf(place), 'utf8').catch(() => '');
  const said = kept.safeParse(jsonOf(found));
  if (!said.success) return undefined;
  const { bytes, ...facts } = said.data;
  const isThere = await touchCached(factsOf(place), Buffer.byteLength(found));
  return isThere && (facts.inPlace || (await touchCached(rowsOf(place), bytes))) ? facts : undefined;
}
