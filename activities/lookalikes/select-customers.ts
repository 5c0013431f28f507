import type { AudienceDefinition } from '../../customers/audience-definition.js';
import { BadAudience } from '../../customers/audience/bad-audience.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { absentValues, customersView, idsWhere, namedRows } from './named-rows.js';
import type { FoundCustomers } from './named-rows.js';

/** Whom an audience is about. Rows are those of the index. */
export interface SelectedCustomers {
  readonly seeds: FoundCustomers;
  readonly suppressed: FoundCustomers;
  /** Not suppressed, and within the filter; seeds may be allowed too. */
  isAllowed(row: number): boolean;
  /** How many are allowed and no seeds. */
  readonly candidates: number;
  /** What its conditions ask for and no customer has: for people. */
  readonly hints: readonly string[];
}

/**
 * Finds the seeds of an audience and who may be in it. `ids` are those of the index, the view `customers` of `db` is the
 * cleaned customers. Throws `BadAudience` for no seeds, too few of them, and where there are no candidates.
 */
export async function selectCustomers(
  db: DuckDb,
  audience: AudienceDefinition,
  ids: readonly string[],
): Promise<SelectedCustomers> {
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const customers = await customersView(db);
  const seeds = await namedRows(customers, rowOf, audience.seeds);
  const hints: string[] = [];
  for (const where of conditionsOf(audience)) hints.push(...(await absentValues(customers, where)));
  const said = hints.length === 0 ? '' : `; ${hints.join('; ')}`;
  checkSeeds(audience, seeds, ids.length, said);
  const suppressed = await namedRows(customers, rowOf, audience.suppress ?? []);
  const inFilter = audience.filter === undefined ? undefined : new Set(await idsWhere(customers, audience.filter));
  const isSuppressed = new Set(suppressed.rows);
  const isAllowed = (row: number): boolean =>
    !isSuppressed.has(row) && (inFilter === undefined || inFilter.has(ids[row] ?? ''));
  const isSeed = new Set(seeds.rows);
  const candidates = ids.reduce((count, _, row) => count + (!isSeed.has(row) && isAllowed(row) ? 1 : 0), 0);
  if (candidates === 0) {
    throw new BadAudience(
      `Expected somebody who could be in the audience ${audience.name}, got none: of ` +
        `${ids.length - seeds.found} customers who are no seeds, all are suppressed or outside its filter${said}`,
    );
  }
  return { seeds, suppressed, isAllowed, candidates, hints };
}

const conditionsOf = ({ seeds, suppress = [], filter }: AudienceDefinition): ReadonlySet<string> =>
  new Set([...seeds, ...suppress, { where: filter }].flatMap((set) => ('where' in set ? (set.where ?? []) : [])));

function checkSeeds(
  { name, minSeeds }: AudienceDefinition,
  seeds: FoundCustomers,
  customers: number,
  hints: string,
): void {
  const { named, found, unknown, examples } = seeds;
  const said = unknown === 0 ? '' : `, ${unknown} of ${named} ids are of no customer (${examples.join(', ')})`;
  if (found === 0) {
    const why = named === 0 ? 'no customer fulfils its condition' : `of ${named} ids none is of a customer`;
    throw new BadAudience(
      `Expected seeds for the audience ${name}, got none: ${why}${named === 0 ? hints : ` (${examples.join(', ')}); leading zeros count`}`,
    );
  }
  if (found < minSeeds) {
    throw new BadAudience(
      `Expected at least ${minSeeds} seeds for the audience ${name}, got ${found}${said}: name more of them, or lower minSeeds${hints}`,
    );
  }
  if (found === customers) throw new BadAudience(`Expected customers who are no seeds of ${name}, got none`);
}
