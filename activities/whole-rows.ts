import { repeatedHashes } from '../kernels/repeated-hashes.js';
import { inTurns } from '../kernels/steps.js';
import type { DuckDb } from '../lake/duckdb.js';
import { hashHalves } from '../lake/hash-halves.js';
import { column } from '../lake/sql.js';

const NONE = new Int32Array();

/** What became of a view's rows when each was to be there once. */
export interface WholeRows {
  readonly read: number;
  /** Rows that came again and were left out. */
  readonly repeated: number;
}

/** Rows whose hashes are held at once, in half a GB at most; of more rows one part is looked at after the other. */
const HASHES_AT_ONCE = 2 ** 25;

/**
 * Makes `view`, the rows of the relation `from`, each once. Few rows of a source come twice, so only those are compared whole
 * whose hash comes twice; the others are never held.
 */
export async function createWholeRows(
  db: DuckDb,
  view: string,
  from: string,
  hashesAtOnce = HASHES_AT_ONCE,
): Promise<WholeRows> {
  const columns = (await db.describe(`SELECT * FROM ${column(from)}`)).map(({ name }) => column(name));
  const { high, low } = hashHalves(columns);
  const [count] = await db.rows(`SELECT count(*)::DOUBLE AS read FROM ${column(from)}`);
  const read = Number(count?.read);
  const hashes = `${view}$hashes`;
  const select = `SELECT ${high} AS high, ${low} AS low FROM ${column(from)}`;
  const { seen, found } = await createRepeatedHashes(db, hashes, select, Math.ceil(read / hashesAtOnce));
  if (seen !== read) throw new Error(`Expected the hashes of ${read} rows, got ${seen}`);
  if (found === 0) {
    await db.run(`CREATE VIEW ${column(view)} AS SELECT * FROM ${column(from)}`);
    return { read, repeated: 0 };
  }
  const again = column(`${view}$again`);
  const isFound = `(${high}, ${low}) IN (SELECT (high, low) FROM ${column(hashes)})`;
  await db.run(`CREATE TABLE ${again} AS
    SELECT *, count(*) AS "copies$" FROM ${column(from)} WHERE ${isFound} GROUP BY ALL`);
  const [rows] = await db.rows(`SELECT sum("copies$" - 1)::DOUBLE AS repeated FROM ${again}`);
  await db.run(`CREATE VIEW ${column(view)} AS SELECT * FROM ${column(from)} WHERE NOT (${isFound})
    UNION ALL SELECT * EXCLUDE ("copies$") FROM ${again}`);
  return { read, repeated: Number(rows?.repeated) };
}

/** Makes a table `high, low` of a query's hashes that come more than once; says how many those are, and of how many hashes. */
async function createRepeatedHashes(
  db: DuckDb,
  table: string,
  select: string,
  parts: number,
): Promise<{ readonly seen: number; readonly found: number }> {
  await db.run(`CREATE TABLE ${column(table)} (high INTEGER, low INTEGER)`);
  let [seen, found] = [0, 0];
  for (let part = 0; part < parts; part += 1) {
    const { add, repeated } = repeatedHashes();
    const ofPart = parts === 1 ? select : `SELECT * FROM (${select}) WHERE low % ${parts} = ${part}`;
    seen += await db.eachInts(ofPart, ([high = NONE, low = NONE]) => add({ high, low }));
    for (const { high, low } of await inTurns(repeated())) {
      await db.append(table, [high, low]);
      found += high.length;
    }
  }
  return { seen, found };
}
