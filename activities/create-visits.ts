import { countVisits } from '../kernels/count-visits.js';
import type { DuckDb } from '../lake/duckdb.js';
import { hashHalves } from '../lake/hash-halves.js';

const NONE = new Int32Array();

/** Of more places DuckDB counts them, on disk where it must: numbering them would keep them all in memory. */
const FEW_PLACES = 65_536;

/**
 * Makes the table `visits` of `dni, lugares, meses`: how many places each customer went to, and in how many months; gives the
 * number of customers. `rows` are transactions in their order, by dni and then by date, so one look at them is enough.
 * Grouping all pairs of customer and place, of which there are nearly as many as rows, takes DuckDB five times as long.
 */
export async function createVisits(db: DuckDb, rows: string, fewPlaces = FEW_PLACES): Promise<number> {
  await db.run(`CREATE TABLE people AS SELECT dni FROM ${rows} GROUP BY dni ORDER BY dni`);
  const [there] = await db.rows(`SELECT (SELECT count(*) FROM people)::DOUBLE AS people,
    (SELECT count(DISTINCT ubicacion) FROM ${rows})::DOUBLE AS places`);
  const [customers, places] = [Number(there?.people), Number(there?.places)];
  const numbered = places <= fewPlaces;
  const counted = await countVisitsOf(db, rows, customers, numbered ? places : 0);
  await db.run('CREATE TABLE visited (lugares INTEGER, meses INTEGER)');
  await db.append('visited', [counted.places, counted.months]);
  const visits = 'SELECT * FROM people POSITIONAL JOIN visited';
  await db.run(`CREATE TABLE visits AS ${numbered ? visits : withPlaces(visits, rows)}`);
  return customers;
}

const withPlaces = (visits: string, rows: string): string =>
  `SELECT dni, p.lugares, v.meses FROM (${visits}) v JOIN (SELECT dni, count(ubicacion)::INTEGER AS lugares
    FROM (SELECT DISTINCT dni, ubicacion FROM ${rows}) GROUP BY dni) p USING (dni)`;

/** In the order of their dni; no places where there are 0 to be numbered. */
async function countVisitsOf(db: DuckDb, rows: string, customers: number, places: number) {
  const { add, end } = countVisits(customers, places);
  const { high, low } = hashHalves(['dni']);
  if (places > 0) {
    await db.run(`CREATE TYPE lugar AS ENUM (SELECT DISTINCT ubicacion FROM ${rows} WHERE ubicacion IS NOT NULL)`);
  }
  const place =
    places === 0 ? '-1' : 'CASE WHEN ubicacion IS NULL THEN -1 ELSE enum_code(ubicacion::lugar)::INTEGER END';
  await db.eachInts(
    `SELECT ${high}, ${low}, ${place}, fecha FROM ${rows}`,
    ([high = NONE, low = NONE, place = NONE, day = NONE]) => add({ high, low, place, day }),
  );
  if (places > 0) await db.run('DROP TYPE lugar');
  const counts = end();
  // Were the hashes of two customers in a row the same, one would be missing.
  if (counts.seen !== customers) {
    throw new Error(`Expected transactions of ${customers} customers in order of dni, got ${counts.seen} runs of them`);
  }
  return counts;
}
