import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestCustomers } from '../../activities/lookalikes/ingest-customers.js';
import type { IngestedCustomers } from '../../activities/lookalikes/handles.js';
import { runActivity } from '../../activities/run-activity.js';
import { isCustomerSource } from '../../config/any-source.js';
import { loadConfig } from '../../config/load-config.js';
import type { CustomerSource } from '../../customers/customer-source.js';
import { argentina } from '../../demo/customers/argentina.js';
import { brasil } from '../../demo/customers/brasil.js';
import { SNAPSHOT } from '../../demo/customers/draw-customer.js';
import { writeCustomers } from '../../demo/customers/write-customers.js';
import type { WrittenCustomers } from '../../demo/customers/write-customers.js';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import { DuckDb } from '../../lake/duckdb.js';
import type { Row } from '../../lake/duckdb.js';
import { openStore } from '../../lake/open-store.js';
import { parquetFile, text } from '../../lake/sql.js';
import { cleanTable } from '../support/clean-table.js';
import type { CleanedTable } from '../support/clean-table.js';
import { compareWithTruth, isAccountedFor } from '../support/recovery.js';
import type { Recovery } from '../support/recovery.js';
import { workspace } from '../support/run-segmentation.js';
import type { Workspace } from '../support/run-segmentation.js';

const CUSTOMERS = 20_000;
const RECOVERED = 0.999;
/** Two tables are generated, read and cleaned twice. */
const SET_UP_MS = 300_000;

describe.each([
  { config: 'configs/lookalikes-demo.yaml', profile: argentina, file: 'xlsxFile' },
  { config: 'configs/lookalikes-demo-brasil.yaml', profile: brasil, file: 'csvFile' },
] as const)('the generated customers of $profile.name, cleaned by $config', ({ config, profile, file }) => {
  let space: Workspace;
  let written: WrittenCustomers;
  let cleaned: CleanedTable;
  let recovery: Recovery;
  let fromDirtyColumns: Recovery;

  beforeAll(async () => {
    space = await workspace();
    written = await writeCustomers(join(space.folder, 'in'), { profile, seed: 7, customers: CUSTOMERS });
    const source = { ...(await sourceOf(config)), path: [written[file]] };
    const raw = await ingested(space, source);
    const clean = (columns: CustomerSource['columns']): Promise<CleanedTable> =>
      cleanTable({ workspace: space, cells: `SELECT * FROM ${parquetFile(raw)}`, columns, fecha: SNAPSHOT });
    const truth = await truthIn(space, written.truthFile);
    cleaned = await clean(source.columns);
    recovery = await compareWithTruth(cleaned, truth);
    fromDirtyColumns = await compareWithTruth(await clean(onlyDirty(source.columns)), truth);
  }, SET_UP_MS);
  afterAll(() => space.remove());

  it('are recovered at 99.9% of all cells', () => {
    expect(recovery.cells).toBeGreaterThan(25 * CUSTOMERS);
    expect(recovery.share, JSON.stringify(recovery.wrong.slice(0, 20))).toBeGreaterThanOrEqual(RECOVERED);
  });

  it('are recovered as well where nobody has cleaned any column before', () => {
    const { share, wrong } = fromDirtyColumns;
    expect(share, JSON.stringify(wrong.slice(0, 20))).toBeGreaterThanOrEqual(RECOVERED);
  });

  it('are told of, cell by cell, where they are not', () => {
    for (const { wrong } of [recovery, fromDirtyColumns]) {
      expect(wrong.filter((cell) => !isAccountedFor(cell))).toEqual([]);
    }
  });

  it('are in the report as often as they were read wrong, or not at all', () => {
    for (const column of new Set(recovery.wrong.map((cell) => cell.column))) {
      const told = cleaned.report.columns[column]?.from ?? [];
      const doubtful = told.reduce(
        (sum, { cells, rules }) =>
          sum + cells.unreadable + cells.other + (rules['fuzzy'] ?? 0) + (rules['ambiguous-separator'] ?? 0),
        0,
      );
      expect(doubtful, column).toBeGreaterThanOrEqual(recovery.wrong.filter((cell) => cell.column === column).length);
    }
  });

  it('are the customers that there are, each once, and the rows too many are counted', () => {
    expect(recovery.strangers).toEqual([]);
    const { nobody = 0, equal = 0, newer = 0, poorer = 0, richer = 0 } = written.planted.extraRows;
    const blank = written.planted.rows - cleaned.report.rows.read;
    expect(cleaned.report.rows).toMatchObject({
      withoutId: nobody - blank,
      repeatedEqual: equal,
      repeatedDifferent: newer + poorer + richer,
      written: CUSTOMERS,
    });
    // A row without any cell is none to a reader.
    expect(blank).toBeLessThan(nobody);
  });
});

async function sourceOf(file: string): Promise<CustomerSource> {
  const { sources } = await loadConfig({ file, cwd: resolve('.'), env: {} });
  const source = sources['clientes'];
  if (source === undefined || !isCustomerSource(source)) throw new TypeError('Expected a source of customers');
  return source;
}

/** Of a column that comes from a clean and a dirty one, the dirty one alone. */
const onlyDirty = (columns: CustomerSource['columns']): CustomerSource['columns'] =>
  Object.fromEntries(
    Object.entries(columns).map(([name, rule]) => [
      name,
      rule.from === undefined ? rule : { ...rule, from: rule.from.slice(-1) },
    ]),
  );

/** The path of the source's cells, as the task reads them. */
async function ingested(space: Workspace, source: CustomerSource): Promise<string> {
  const threads = new KernelThreads({ threads: 1 });
  const deps = {
    store: openStore(space.lake),
    cacheFolder: join(space.folder, 'cache'),
    threads,
    queryThreads: 2,
    queryMemory: '1GB',
  };
  try {
    const attempt = { task: 'ingested', run: 'test', record: 'runs/test', mode: 'by-content', attempt: 1 } as const;
    const signal = new AbortController().signal;
    const ran = await runActivity(ingestCustomers, deps, { ...attempt, signal, heartbeat: () => {} }, { source });
    if (!('output' in ran)) throw new TypeError('Expected an output');
    // What the activity gives is what it says it gives.
    return join(space.lake, (ran.output as IngestedCustomers).raw.uri);
  } finally {
    await threads.close();
  }
}

async function truthIn(space: Workspace, file: string): Promise<readonly Row[]> {
  const db = await DuckDb.open({ threads: 1, memoryLimit: '1GB', spillFolder: space.folder, timeZone: 'UTC' });
  try {
    return await db.rows(`SELECT * FROM read_csv(${text(file)}, header = true, all_varchar = true)`);
  } finally {
    await db.close();
  }
}
