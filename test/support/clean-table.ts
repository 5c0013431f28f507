import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanCustomers } from '../../activities/lookalikes/clean-customers.js';
import type { CleanedCustomers } from '../../activities/lookalikes/handles.js';
import { runActivity } from '../../activities/run-activity.js';
import { writeParquet } from '../../activities/write-parquet.js';
import type { CleaningReport } from '../../customers/cleaning/cleaning-report.js';
import { customerSource } from '../../customers/customer-source.js';
import type { CustomerSource } from '../../customers/customer-source.js';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import { putArtifact } from '../../lake/artifact-store.js';
import { DuckDb } from '../../lake/duckdb.js';
import type { Row } from '../../lake/duckdb.js';
import { openStore } from '../../lake/open-store.js';
import { parquetFile, text } from '../../lake/sql.js';
import type { Workspace } from './run-segmentation.js';

export interface CleanedTable {
  readonly output: CleanedCustomers;
  readonly note: string;
  readonly report: CleaningReport;
  /** Rows of an artifact, by kind of output, in its order; dates as texts. */
  rows(which: 'customers' | 'log' | 'clientes' | 'atributos'): Promise<readonly Row[]>;
}

export interface CleanTableOptions {
  readonly workspace: Workspace;
  /** SQL that gives the cells as texts, and `_row`; or rows of such texts, header first. */
  readonly cells: string | readonly (readonly (string | null)[])[];
  readonly columns: object;
  readonly fecha?: string;
  readonly cellLog?: boolean;
  readonly threads?: number;
}

const withDuckDb = async <Result>(space: Workspace, use: (db: DuckDb) => Promise<Result>): Promise<Result> => {
  const db = await DuckDb.open({ threads: 2, memoryLimit: '1GB', spillFolder: space.folder, timeZone: 'UTC' });
  try {
    return await use(db);
  } finally {
    await db.close();
  }
};

/** Runs the task over a table of texts, in a lake of the workspace. */
export async function cleanTable(options: CleanTableOptions): Promise<CleanedTable> {
  const { workspace: space, cells, fecha = '2026-07-01', cellLog = true } = options;
  const source: CustomerSource = customerSource.parse({ name: 'clientes', path: 'none.csv', columns: options.columns });
  const store = openStore(space.lake);
  const select = typeof cells === 'string' ? cells : await valuesOf(space, cells);
  const file = join(space.folder, 'raw.parquet');
  const written = await withDuckDb(space, (db) => writeParquet(db, file, { select, orderBy: '_row' }));
  const raw = await putArtifact(store, 'customers_raw', file, written);
  const threads = new KernelThreads({ threads: 1 });
  const deps = {
    store,
    cacheFolder: join(space.folder, 'cache'),
    threads,
    queryThreads: options.threads ?? 2,
    queryMemory: '1GB',
  };
  try {
    const signal = new AbortController().signal;
    const attempt = { task: 'cleaned', run: 'test', record: 'runs/test', mode: 'by-content', attempt: 1 } as const;
    const ran = await runActivity(
      cleanCustomers,
      deps,
      { ...attempt, signal, heartbeat: () => {} },
      { raw, source, fecha, cellLog, codec: 'snappy' },
    );
    if (!('output' in ran)) throw new TypeError('Expected an output');
    // What the activity gives is what it says it gives.
    const output = ran.output as CleanedCustomers;
    const path = (uri: string): string => join(space.lake, uri);
    // The task wrote it as this.
    const report = JSON.parse(await readFile(path(output.report.uri), 'utf8')) as CleaningReport;
    return {
      output,
      note: ran.note ?? '',
      report,
      rows: (which) =>
        withDuckDb(space, async (db) => {
          const artifact = output[which];
          if (artifact === null) throw new TypeError(`Expected ${which}, got none`);
          const table = parquetFile(path(artifact.uri));
          const columns = await db.describe(`SELECT * FROM ${table}`);
          const read = columns.map(({ name, type }) =>
            type === 'DATE' || type === 'BIGINT'
              ? `"${name}"::${type === 'DATE' ? 'VARCHAR' : 'DOUBLE'} AS "${name}"`
              : `"${name}"`,
          );
          return db.rows(`SELECT ${read.join(', ')} FROM ${table}`);
        }),
    };
  } finally {
    await threads.close();
  }
}

/** The rows as a select of `_row` and texts. */
async function valuesOf(
  space: Workspace,
  [header = [], ...rows]: readonly (readonly (string | null)[])[],
): Promise<string> {
  const file = join(space.folder, 'cells.json');
  const objects = rows.map((row, i) => ({
    _row: i + 1,
    ...Object.fromEntries(header.map((name, j) => [name ?? '', row[j] ?? null])),
  }));
  await writeFile(file, JSON.stringify(objects));
  const columns = ["_row: 'BIGINT'", ...header.map((name) => `${text(name ?? '')}: 'VARCHAR'`)];
  return `SELECT * FROM read_json(${text(file)}, format = 'array', columns = {${columns.join(', ')}})`;
}
