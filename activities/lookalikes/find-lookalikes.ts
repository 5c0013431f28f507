import { absentValue, asksForText } from '../../customers/absent-value.js';
import type { CellValue } from '../../customers/column-value.js';
import { typedTests } from '../../customers/condition-tests.js';
import type { Condition } from '../../customers/condition.js';
import { ID_COLUMN } from '../../customers/customer-source.js';
import { pairFeatures, seenFrom } from '../../customers/pair-features.js';
import type { PairFeatures } from '../../customers/pair-features.js';
import { PermanentError } from '../../dag/permanent-error.js';
import { checkInteger } from '../../kernels/check-integer.js';
import { row } from '../../kernels/matrix.js';
import { shareAsFar } from '../../kernels/pair-distances.js';
import type { CustomerTable } from './customer-table.js';
import { nearestCustomers } from './nearest-customers.js';
import { nothingApart } from './nothing-apart.js';
import { NoLookalikes } from './open-lookalikes.js';
import type { Lookalikes } from './open-lookalikes.js';

/** What is told of a customer; null where the source has no such column, or the customer no value. */
export const SHOWN = ['vip_flag', 'total_spent', 'total_orders', 'region_clean', 'fav_category'] as const;
export type ShownCells = { readonly [column in (typeof SHOWN)[number]]: CellValue };

export interface Lookalike extends ShownCells {
  readonly customer_id: string;
  /** Euclidean, over the scaled features. */
  readonly distance: number;
  /** Share of random pairs of customers that are at least as far apart: 1 is nearer than all of them. */
  readonly similarity: number;
  readonly features: PairFeatures;
}

export interface FoundLookalikes {
  readonly fecha: string;
  readonly customer: ShownCells & { readonly customer_id: string };
  /** Nearest first, equal distances by customer_id. Fewer than asked for where no more match. */
  readonly neighbours: readonly Lookalike[];
  /** How many other customers there are that the filter lets through. */
  readonly matching: number;
  /** Of a filter: which of its texts no customer has, and which there are; for people. */
  readonly hints: readonly string[];
  /** Share of the ten nearest that such answers find; null where every customer was compared. */
  readonly recall: number | null;
}

/** No customer of the date has this id. */
export class UnknownCustomer extends PermanentError {
  override readonly name = 'UnknownCustomer';
}

/**
 * The `k` customers most like one, itself left out by its id: exact duplicates of it under other ids are its nearest.
 * Throws `UnknownCustomer`, `NoLookalikes` where nothing tells the customers apart, `BadCondition` for a filter that does not fit the columns, RangeError unless `k` is at least 1.
 */
export async function findLookalikes(
  lookalikes: Lookalikes,
  customerId: string,
  { k, filter = [] }: { readonly k: number; readonly filter?: Condition },
): Promise<FoundLookalikes> {
  checkInteger('k', k, 1, Number.MAX_SAFE_INTEGER, 'a whole number of at least 1');
  const { fecha, points, rowOf, customers, pairs, recall } = lookalikes;
  const self = rowOf.get(customerId);
  if (self === undefined) throw unknownCustomer(lookalikes, customerId);
  if (points.columns.length === 0) {
    throw new NoLookalikes(`Expected customers of ${fecha} that differ, but ${nothingApart(points.ids.length)}`);
  }
  const isWanted = filter.length === 0 ? undefined : await matchingRows(customers, filter, points.ids.length);
  const { found, isExact } = nearestCustomers(lookalikes, self, k, isWanted);
  const cells = await customers.read(SHOWN.filter((column) => customers.types.has(column)));
  const shown = (at: number): ShownCells & { readonly customer_id: string } => {
    const value = (column: (typeof SHOWN)[number]): CellValue => cells.get(column)?.[at] ?? null;
    return {
      customer_id: points.ids[at] ?? '',
      vip_flag: value('vip_flag'),
      total_spent: value('total_spent'),
      total_orders: value('total_orders'),
      region_clean: value('region_clean'),
      fav_category: value('fav_category'),
    };
  };
  const seen = seenFrom(lookalikes.features, points.matrix, self, lookalikes.sample);
  const matching = isWanted?.reduce((sum, one, at) => (at === self ? sum : sum + one), 0) ?? points.ids.length - 1;
  return {
    fecha,
    customer: shown(self),
    neighbours: found.map((one) => ({
      ...shown(one.row),
      distance: one.distance,
      similarity: shareAsFar(pairs, one.distance),
      features: pairFeatures(seen, row(points.matrix, one.row)),
    })),
    matching,
    hints: await absentValues(customers, filter),
    recall: isExact ? null : recall,
  };
}

/** 1 for each row of the table of which every test of the condition holds. Throws `BadCondition`. */
export async function matchingRows(table: CustomerTable, condition: Condition, rows: number): Promise<Uint8Array> {
  const tests = typedTests(condition, table.types);
  const columns = await table.read(tests.map(({ column }) => column));
  const matches = new Uint8Array(rows).fill(1);
  for (const test of tests) {
    const values = columns.get(test.column) ?? [];
    for (let at = 0; at < rows; at++) if (!test.holds(values[at] ?? null)) matches[at] = 0;
  }
  return matches;
}

/** What to say of the texts that a filter asks for and no customer has. */
async function absentValues(table: CustomerTable, filter: Condition): Promise<readonly string[]> {
  const tests = filter.filter((test) => asksForText(test, table.types));
  const columns = await table.read(tests.map(({ column }) => column));
  return tests.flatMap((test) => {
    const values = new Set((columns.get(test.column) ?? []).filter((value) => typeof value === 'string'));
    return values.has(test.value) ? [] : [absentValue(test, [...values])];
  });
}

/** Programs that take ids for numbers lose their leading zeros: where that is all there is to it, it is said. */
function unknownCustomer({ fecha, points }: Lookalikes, customerId: string): UnknownCustomer {
  const bare = (id: string): string => id.trim().replace(/^0+(?=.)/, '');
  const meant = points.ids.filter((id) => bare(id) === bare(customerId)).slice(0, NAMED);
  const hint = meant.length === 0 ? '' : `; did you mean ${meant.map((id) => `'${id}'`).join(' or ')}?`;
  return new UnknownCustomer(
    `Expected a ${ID_COLUMN} of ${fecha}, got '${customerId}'${hint} (ids are texts: leading zeros count)`,
  );
}

const NAMED = 3;
