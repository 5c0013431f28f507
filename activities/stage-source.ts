import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { boundCache, PARTIAL, touchCached } from '../lake/bounded-cache.js';
import type { DuckDb } from '../lake/duckdb.js';
import { readFailure } from '../lake/read-failure.js';
import type { SourceDefinition } from '../lake/source-definition.js';
import { listSourceFiles } from '../lake/source-files.js';
import type { SourceFile, SourceListing } from '../lake/source-files.js';
import type { OpenedFile } from '../lake/source-tables.js';
import { text } from '../lake/sql.js';
import { toDisk } from '../lake/to-disk.js';
import type { TaskContext } from './define-activity.js';
import { ENGINE_VERSION } from './engine-version.js';
import { mapEvents } from './map-events.js';
import type { SourceFacts } from './map-events.js';
import { openSourceFiles } from './open-source-files.js';
import { writeParquet } from './write-parquet.js';

/** Raise it when the same files must be staged as other rows. */
const VERSION = 1;

const staged = z.object({
  read: z.number(),
  repeated: z.number(),
  given: z.number(),
  loadTimes: z.boolean(),
  inPlace: z.boolean(),
  /** Of the file of rows; 0 where the source's own files are read in place. */
  bytes: z.number(),
});

/**
 * A total order of what is read of rows: with it files depend on the rows alone. What tells most rows apart comes first, so that
 * the rest is hardly compared.
 */
export const EVENT_ORDER = 'dni, fecha, monto, rubro, canal, ubicacion, producto';

/** Stagings that this process is at, by what they make: tasks of several dates come for the same one at once. */
const underway = new Map<string, Promise<SourceFacts>>();

export interface StagedSource {
  readonly facts: SourceFacts;
  /** How many files the source has. */
  readonly files: number;
  /** Of the rows of all dates; the source's own files where they are as good. */
  readonly rows: string | { readonly [name: string]: readonly OpenedFile[] };
}

/**
 * A source is taken apart, joined and freed of repeats once for each state of its files: its rows of all dates wait in the
 * worker's cache folder for the next date, as a Parquet file, unless the source's own files are as good. Tasks of other dates
 * wait meanwhile.
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
  const facts = await factsAt(place, context, async () => stage(context, source, timeZone, listing, place));
  const rows = facts.inPlace ? await openSourceFiles(context, source, listing) : rowsOf(place);
  return { facts, files: Object.values(listing).flat().length, rows };
}

/**
 * Makes the view `mapped` (`mapEvents`). Over a staged file it has a column `fila`, a row's number, and is read in
 * `EVENT_ORDER`.
 */
export async function openStaged(db: DuckDb, source: SourceDefinition, { facts, rows }: StagedSource): Promise<void> {
  if (typeof rows !== 'string') await mapEvents(db, source, rows, facts);
  else {
    await db.run(`CREATE VIEW mapped AS SELECT * RENAME (file_row_number AS fila)
      FROM read_parquet(${text(rows)}, hive_partitioning = false, file_row_number = true)`);
  }
}

async function factsAt(place: string, context: TaskContext, stage: () => Promise<SourceFacts>): Promise<SourceFacts> {
  for (;;) {
    const known = await recall(place);
    if (known !== undefined) return known;
    const other = underway.get(place);
    if (other === undefined) break;
    // It may end by an abort that does not concern this task: then this one does the work.
    await context.transferring(
      'waiting for the source to be staged',
      other.catch(() => undefined),
    );
    context.signal.throwIfAborted();
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
): Promise<SourceFacts> {
  const files = await openSourceFiles(context, source, listing);
  const partial = `${place}.${randomUUID()}${PARTIAL}`;
  await mkdir(dirname(place), { recursive: true });
  try {
    // A database of its own: what it holds of the files is gone before the rows of a date are looked at.
    const facts = await context.withDuckDb(timeZone, async (db, phase) => {
      phase('reading the source');
      const facts = await mapEvents(db, source, files);
      if (!facts.inPlace) await writeParquet(db, partial, { select: 'SELECT * FROM mapped', orderBy: EVENT_ORDER });
      return facts;
    });
    await checkUnchanged(context, source, listing);
    const bytes = facts.inPlace ? 0 : (await stat(partial)).size;
    if (!facts.inPlace) {
      // On disk before it has its name: it is later believed by its size.
      await toDisk(partial);
      await rename(partial, rowsOf(place));
    }
    await writeFile(partial, JSON.stringify({ ...facts, bytes }), { flush: true });
    await rename(partial, factsOf(place));
    await boundCache(dirname(place));
    return facts;
  } catch (error) {
    throw readFailure(source, Object.values(files).flat(), error);
  } finally {
    await rm(partial, { force: true });
  }
}

const rowsOf = (place: string): string => `${place}.parquet`;
const factsOf = (place: string): string => `${place}.json`;

async function recall(place: string): Promise<SourceFacts | undefined> {
  const found = await readFile(factsOf(place), 'utf8').catch(() => undefined);
  if (found === undefined) return undefined;
  const { bytes, ...facts } = staged.parse(JSON.parse(found));
  const isThere = await touchCached(factsOf(place), Buffer.byteLength(found));
  return isThere && (facts.inPlace || (await touchCached(rowsOf(place), bytes))) ? facts : undefined;
}

/** An ordinary error: a source may have settled by the next try. */
async function checkUnchanged(context: TaskContext, source: SourceDefinition, listing: SourceListing): Promise<void> {
  const stateOf = ({ name, etag }: SourceFile): string => `${name} ${etag}`;
  const now = new Set(
    Object.values(await listSourceFiles(context.store, source))
      .flat()
      .map(stateOf),
  );
  const changed = Object.values(listing)
    .flat()
    .find((file) => !now.has(stateOf(file)));
  if (changed === undefined) return;
  throw new Error(
    `Expected the files of source '${source.name}' to stay as they are, '${changed.name}' has changed meanwhile`,
  );
}
