import type { Row } from '../../lake/duckdb.js';
import type { CleanedTable } from './clean-table.js';

/** A cell that the cleaning did not read as it is. */
export interface WrongCell {
  readonly customer_id: string;
  readonly column: string;
  readonly truth: string | null;
  readonly got: unknown;
  /** What the log says of the cell. */
  readonly rules: readonly string[];
}

export interface Recovery {
  readonly cells: number;
  readonly share: number;
  readonly wrong: readonly WrongCell[];
  /** Ids of the truth without a cleaned row, and the other way round. */
  readonly strangers: readonly string[];
}

/** Rules that tell that a cell was not read, or that its reading is a choice between several. */
const DOUBTS: ReadonlySet<string> = new Set(
  'unreadable other fuzzy equally-near ambiguous-separator thousands-against-column small-percent undecided-order order-by-default undecided-weekday'.split(
    ' ',
  ),
);

export const isAccountedFor = ({ rules }: WrongCell): boolean => rules.some((rule) => DOUBTS.has(rule));

/** Columns of the truth that no cleaning gives. */
const ABOUT_THE_TRUTH: ReadonlySet<string> = new Set(['impossible', 'unclear', 'shopper']);

/** Compares a cleaned table, cell by cell, with the truth (rows of texts) beside the generated one. */
export async function compareWithTruth(cleaned: CleanedTable, truth: readonly Row[]): Promise<Recovery> {
  const rows = new Map((await cleaned.rows('customers')).map((row) => [String(row['customer_id']), row] as const));
  const log = new Map<string, string[]>();
  for (const { customer_id: id, column, rule } of await cleaned.rows('log')) {
    const key = `${String(id)} ${String(column)}`;
    log.set(key, [...(log.get(key) ?? []), ...String(rule).split(';')]);
  }
  const wrong: WrongCell[] = [];
  const strangers: string[] = [];
  let cells = 0;
  for (const told of truth) {
    const id = String(told['customer_id']);
    const row = rows.get(id);
    if (row === undefined) strangers.push(id);
    else rows.delete(id);
    const compared = Object.keys(told).filter((column) => !ABOUT_THE_TRUTH.has(column));
    cells += compared.length + 1;
    for (const column of compared) {
      const [expected, got] = [textOf(told[column]), row?.[column] ?? null];
      if (isSame(expected, got)) continue;
      const rules = log.get(`${id} ${column.replace(/_never$/, '')}`) ?? [];
      wrong.push({ customer_id: id, column, truth: expected, got, rules });
    }
    const [expected, got] = [textOf(told['impossible']), flaggedColumns(row?.['flags'])];
    if (expected !== got) wrong.push({ customer_id: id, column: 'flags', truth: expected, got, rules: [] });
  }
  return { cells, share: 1 - wrong.length / cells, wrong, strangers: [...strangers, ...rows.keys()] };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function isSame(expected: string | null, got: unknown): boolean {
  if (expected === null || got === null) return expected === got;
  // A sum or a quotient of the same decimals, in another order.
  if (typeof got === 'number') return Math.abs(got - Number(expected)) <= 1e-9 * Math.max(1, Math.abs(got));
  return (typeof got === 'string' || typeof got === 'boolean') && String(got) === expected;
}

/** `age:above-max;income:far-out` is `age;income`. */
function flaggedColumns(flags: unknown): string | null {
  const columns = (textOf(flags) ?? '').split(';').map((flag) => flag.replace(/:.*$/, ''));
  return textOf([...new Set(columns)].toSorted((a, b) => (a < b ? -1 : 1)).join(';'));
}
