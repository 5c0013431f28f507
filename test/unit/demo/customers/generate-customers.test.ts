import { describe, expect, it } from 'vitest';
import { argentina } from '../../../../demo/customers/argentina.js';
import { brasil } from '../../../../demo/customers/brasil.js';
import { mundo } from '../../../../demo/customers/mundo.js';
import type { Cell } from '../../../../demo/customers/cell.js';
import type { CustomerProfile } from '../../../../demo/customers/customer-profile.js';
import { countDirt, generateCustomers } from '../../../../demo/customers/generate-customers.js';
import type { RawRow } from '../../../../demo/customers/generate-customers.js';
import { rawColumns } from '../../../../demo/customers/raw-columns.js';
import { repetitionRates } from '../../../../demo/customers/repeat-customer.js';
import { truthTable } from '../../../../demo/customers/truth-line.js';
import type { Truth } from '../../../../demo/customers/truth-line.js';

const CUSTOMERS = 3000;

function generated(profile: CustomerProfile, seed = 7, customers = CUSTOMERS) {
  const rows = [...generateCustomers({ profile, seed, customers })];
  const counts = countDirt(profile);
  for (const row of rows) counts.add(row);
  const { truthOf } = truthTable(profile);
  const truths = new Map<string, Truth>();
  for (const row of rows) {
    const truth = truthOf(row);
    if (truth !== undefined) truths.set(String(truth.customer_id), truth);
  }
  return { rows, truths, planted: counts.planted, headers: rawColumns(profile).map(({ header }) => header) };
}

const idOf = ({ cells }: RawRow): string | undefined => {
  const cell = cells[0]?.cell;
  return typeof cell === 'number' || typeof cell === 'string' ? String(cell).trim() : undefined;
};

describe.each([argentina, brasil, mundo])('generateCustomers of $name', (profile) => {
  const { rows, truths, planted, headers } = generated(profile);
  const at = (header: string): number => headers.indexOf(header);
  const cellsOf = (row: RawRow, header: string) => row.cells[at(header)];

  it('gives the same rows for the same seed, others for another', () => {
    const small = (seed: number) => [...generateCustomers({ profile, seed, customers: 60 })];
    expect(small(3)).toEqual(small(3));
    expect(small(3)).not.toEqual(small(4));
  });

  it('has a truth for every customer, and rows of nobody else but those without an id', () => {
    expect(truths.size).toBe(CUSTOMERS);
    const ids = rows.map(idOf);
    expect(new Set(ids.filter((id) => id !== undefined))).toEqual(new Set(truths.keys()));
    expect(ids.filter((id) => id === undefined)).toHaveLength(planted.extraRows.nobody ?? Number.NaN);
    const extra = Object.values(planted.extraRows).reduce((sum, count) => sum + count, 0);
    expect(rows).toHaveLength(CUSTOMERS + extra);
  });

  it('has the id 0, and two ids that differ by leading zeros alone', () => {
    const padded = '123'.padStart(profile.ids.digits, '0');
    expect(['0', '123', padded].filter((id) => !truths.has(id))).toEqual([]);
  });

  it('repeats customers in every way, at about the rates', () => {
    for (const [kind, rate] of Object.entries(repetitionRates)) {
      const found = Object.entries(planted.extraRows).find(([name]) => name === kind)?.[1] ?? 0;
      // Five standard deviations of a Poisson count.
      expect(Math.abs(found - rate * CUSTOMERS), kind).toBeLessThan(5 * Math.sqrt(rate * CUSTOMERS));
      expect(found, kind).toBeGreaterThan(0);
    }
  });

  it('names that row of a repeated customer right which has more values, and of two with as many the later', () => {
    const valuesIn = ({ cells }: RawRow): number =>
      cells.filter(({ dirt }) => !['empty', 'missing', 'unreadable'].includes(dirt)).length;
    const repeated = rows.filter(({ extra }) => extra !== undefined && extra !== 'nobody');
    expect(repeated.length).toBeGreaterThan(0);
    for (const later of repeated) {
      const first = rows.find((row) => idOf(row) === idOf(later));
      if (first === undefined || first === later) throw new Error(`Expected a row before that of ${idOf(later)}`);
      const laterIsRight = valuesIn(later) >= valuesIn(first);
      expect([first.right !== undefined, later.right !== undefined], later.extra).toEqual([
        !laterIsRight,
        laterIsRight,
      ]);
    }
  });

  it('says that a value is missing just where no cell tells it', () => {
    const { columns } = truthTable(profile);
    const raw = rawColumns(profile);
    const wrong: string[] = [];
    const none = new Set(['empty', 'missing', 'unreadable', 'never', 'sentinel']);
    for (const row of rows) {
      const truth = row.right === undefined ? undefined : truths.get(String(idOf(row)));
      if (truth === undefined) continue;
      for (const column of columns) {
        const cells = raw.flatMap(({ of }, i) => (of === column ? [row.cells[i]] : []));
        // Of a column that the CRM has too, the last cell is the one that is always filled.
        const dirt = cells.at(-1)?.dirt;
        if (dirt !== undefined && (truth[column] === null) !== none.has(dirt)) wrong.push(`${column} of ${idOf(row)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('counts a flag for every impossible value, and keeps the value', () => {
    const flagged = [...truths.values()].filter(({ impossible }) => String(impossible).includes('age'));
    expect(flagged.length).toBeGreaterThan(0);
    expect(flagged.every(({ age }) => Number(age) > 110)).toBe(true);
  });

  it('writes amounts in both conventions, percentages in three ways, and never as words and numbers', () => {
    const texts = (header: string): Cell[] => rows.map((row) => cellsOf(row, header)?.cell ?? null);
    const amounts = texts('total_spent_dirty').filter((cell) => typeof cell === 'string');
    expect(amounts.some((text) => /\d\.\d{3},\d{2}/.test(text))).toBe(true);
    expect(amounts.some((text) => /\d,\d{3}\.\d{2}/.test(text))).toBe(true);
    const percents = texts('pct_reordered_dirty');
    expect(percents.some((cell) => typeof cell === 'string' && cell.endsWith('%'))).toBe(true);
    expect(percents.some((cell) => typeof cell === 'number' && cell > 1)).toBe(true);
    expect(percents.some((cell) => typeof cell === 'number' && cell > 0 && cell < 1)).toBe(true);
    const recency = texts('days_since_last_purchase_dirty');
    for (const sign of [profile.never[0], ...profile.sentinels]) expect(recency).toContain(sign);
  });

  it('has words with every kind of slip', () => {
    const kinds = ['case', 'blanks', 'accents', 'alias', 'typo', 'unknown', 'missing', 'empty'] as const;
    for (const kind of kinds) expect(planted.cells.region_dirty?.[kind], kind).toBeGreaterThan(0);
  });

  it('has customers of a kind that are alike, and VIPs mostly of one kind', () => {
    const of = (shopper: string) => [...truths.values()].filter((truth) => truth.shopper === shopper);
    const vips = (all: readonly Truth[]) => all.filter(({ vip_flag }) => vip_flag === true).length / all.length;
    expect(vips(of('premium'))).toBeGreaterThan(0.3);
    expect(vips([...truths.values()].filter(({ shopper }) => shopper !== 'premium'))).toBeLessThan(0.05);
    const never = of('sin_compras');
    expect(never.length).toBeGreaterThan(0);
    expect(never.every((truth) => truth.days_since_last_purchase_never === true)).toBe(true);
  });
});
