import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/load-config.js';
import type { Row } from '../../lake/duckdb.js';
import { DuckDb } from '../../lake/duckdb.js';
import { text } from '../../lake/sql.js';
import { cleanTable } from '../support/clean-table.js';
import type { CleanedTable } from '../support/clean-table.js';
import { workspace } from '../support/run-segmentation.js';
import type { Workspace } from '../support/run-segmentation.js';

const folder = resolve('../shared/data/customer_personality');
const dirty = `${folder}/marketing_data_dirty.csv`;
const clean = `${folder}/marketing_campaign.csv`;
const isThere = existsSync(dirty) && existsSync(clean);
if (!isThere) process.stderr.write(`customer-personality: skipped, ${folder} is not there\n`);

describe.skipIf(!isThere)('the dirty file of customer_personality, cleaned by its ready configuration', () => {
  let space: Workspace;
  let cleaned: CleanedTable;
  let oracle: readonly Row[];
  /** Columns of the files by the names they are cleaned under. */
  let headers: { readonly [column: string]: string };

  beforeAll(async () => {
    space = await workspace();
    const { sources } = await loadConfig({ file: 'configs/customer_personality.yaml', cwd: resolve('.'), env: {} });
    const source = sources['customer_personality'];
    if (source === undefined || !('columns' in source)) throw new TypeError('Expected a source of customers');
    const { columns } = source;
    headers = Object.fromEntries(Object.entries(columns).map(([name, { from }]) => [name, from?.[0] ?? name]));
    cleaned = await cleanTable({
      workspace: space,
      cells: `SELECT row_number() OVER () AS _row, * FROM read_csv(${text(dirty)}, delim = ',', header = true, all_varchar = true)`,
      columns,
      fecha: '2014-07-01',
    });
    const db = await DuckDb.open({ threads: 1, memoryLimit: '1GB', spillFolder: space.folder, timeZone: 'UTC' });
    oracle = await db.rows(`SELECT * FROM read_csv(${text(clean)}, delim = ';', header = true, all_varchar = true)`);
    await db.close();
  });
  afterAll(() => space.remove());

  it('is equal to the clean file in every cell of the 27 columns that both have', async () => {
    const expected = new Map(oracle.map((row) => [String(row['ID']), row] as const));
    const shared = Object.keys(headers).filter((name) => headers[name] !== 'Country');
    expect(shared).toHaveLength(27);
    const rows = await cleaned.rows('customers');
    expect(rows).toHaveLength(2_240);
    expect(new Set(rows.map(({ customer_id: id }) => id)).size).toBe(2_240);
    const different = rows.flatMap((row) => {
      const other = expected.get(String(row['customer_id']));
      return shared
        .map((name) => ({
          id: row['customer_id'],
          name,
          got: asWritten(row[name]),
          clean: other?.[headers[name] ?? ''] ?? '',
        }))
        .filter(({ got, clean }) => got !== clean);
    });
    expect(different).toEqual([]);
  });

  it('tells what was changed, missing and impossible', () => {
    const { rows, columns } = cleaned.report;
    expect(rows).toEqual({ read: 2_240, withoutId: 0, repeatedEqual: 0, repeatedDifferent: 0, written: 2_240 });
    expect(columns['income']?.from[0]).toMatchObject({
      cells: { read: 2_216, missing: 24, unreadable: 0, changed: 2_216 },
      rules: { currency: 2_216 },
      impossible: { placeholder: 1 },
    });
    expect(columns['dt_customer']?.from[0]).toMatchObject({
      cells: { read: 2_240, unreadable: 0 },
      decisions: [{ what: 'date order', chosen: 'mdy', by: 'evidence' }],
    });
    expect(columns['year_birth']?.from[0]?.impossible).toEqual({ 'too-old': 3 });
    expect(columns['days_since_last_purchase']?.from[0]).toMatchObject({ cells: { read: 2_240 }, decisions: [] });
    expect(Object.values(columns).flatMap(({ from }) => from.flatMap(({ unreadable }) => unreadable))).toEqual([]);
    const flagged = Object.entries(columns).filter(([, { from }]) => Object.keys(from[0]?.impossible ?? {}).length > 0);
    expect(flagged.map(([name]) => name)).toEqual(['year_birth', 'income']);
  });

  it('keeps a customer whose id is 0, and impossible values with their flags', async () => {
    const rows = await cleaned.rows('customers');
    expect(rows.filter(({ customer_id: id }) => id === '0')).toHaveLength(1);
    expect(
      rows.filter(({ flags }) => flags !== null).map(({ flags, income, year_birth: year }) => [flags, income, year]),
    ).toEqual(
      expect.arrayContaining([
        ['income:placeholder', 666_666, 1977],
        ['year_birth:too-old', 60_182, 1893],
      ]),
    );
  });
});

/** As the clean file writes it: flags as 0 and 1. */
const asWritten = (value: Row[string] | undefined): string =>
  value === null || value === undefined ? '' : typeof value === 'boolean' ? String(Number(value)) : String(value);
