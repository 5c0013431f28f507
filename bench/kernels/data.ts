import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { writeParquet } from '../../activities/write-parquet.js';
import { runCommand } from '../../infra/run-command.js';
import { DuckDb } from '../../lake/duckdb.js';
import { readMatrix as readArrow } from '../../lake/matrix-file.js';
import { parquetFile } from '../../lake/sql.js';
import { scaledFeatures } from '../audience/coupon-dates.js';
import type { Place } from '../orchestrator/contender.js';
import { QUERY_MEMORY, localTasks, newLake } from './local-tasks.js';
import { type MatrixFile, writeNumbers } from './matrix.js';
import { SCRIPTS, peersPython } from './python.js';

const SEED = 7;
const COLUMNS = 24;
const MAKE_TIMEOUT_MS = 1_800_000;

/** Real transactions, and the date and the configuration with which their features are made. */
const REAL = {
  completejourney: { folder: 'completejourney', fecha: '2017-07-03', config: 'configs/completejourney.yaml' },
  sparkov: { folder: 'sparkov_simulated', fecha: '2024-07-01', config: 'configs/sparkov.yaml' },
} as const;

export type RealData = keyof typeof REAL;

/** A row of the bench that cannot run here, and why. */
export class NotHere extends Error {
  override readonly name = 'NotHere';
}

/** Where the real data lies: `../shared/data` beside the project. */
export const realFolder = (name: RealData): string => resolve('..', 'shared', 'data', REAL[name].folder);

/** The data of the bench, made where it is missing and kept from run to run. */
export class Data {
  constructor(private readonly place: Place) {}

  async matrix(kind: 'aggregated' | 'gaussian', rows: number): Promise<MatrixFile> {
    return { file: await this.made(kind, rows, 0, 'f32'), rows, columns: COLUMNS };
  }

  /** Rows as a source has them, without an order. */
  transactions = async (rows: number, customers: number): Promise<string> =>
    this.made('transactions', rows, customers, 'parquet');

  segments = async (rows: number): Promise<string> => this.made('segments', rows, 0, 'parquet');

  /** The same transactions as `ingestTransactions` leaves them: typed, ordered. */
  async ingested(rows: number, customers: number): Promise<string> {
    const source = await this.transactions(rows, customers);
    return this.once(join(dirname(source), basename(source).replace('transactions', 'ingested')), async (file) => {
      const options = { threads: availableParallelism(), memoryLimit: QUERY_MEMORY, timeZone: 'UTC' };
      const db = await DuckDb.open({ ...options, spillFolder: this.place.scratch });
      try {
        await writeParquet(db, file, {
          select: `SELECT dni, fecha::DATE AS fecha, rubro, canal, monto::DECIMAL(18, 4) AS monto, ubicacion, producto
            FROM ${parquetFile(source)}`,
          orderBy: 'ALL',
        });
      } finally {
        await db.close();
      }
    });
  }

  /** Scaled features of real customers, by the tasks of the segmentation DAG. */
  async real(name: RealData): Promise<MatrixFile> {
    const { fecha, config } = REAL[name];
    const folder = realFolder(name);
    if ((await stat(folder).catch(() => undefined)) === undefined) throw new NotHere(`${folder} is not there`);
    const tasks = await localTasks(this.place.scratch);
    try {
      const store = await newLake(this.place.scratch);
      const { matrix } = await readArrow(await scaledFeatures({ ...tasks, store }, folder, fecha, config));
      const file = join(this.place.scratch, `${name}.f32`);
      await writeNumbers(file, matrix.values);
      return { file, rows: matrix.rows, columns: matrix.columns };
    } finally {
      await tasks.threads.close();
    }
  }

  private async made(kind: string, rows: number, customers: number, ending: string): Promise<string> {
    const script = join(SCRIPTS, 'make_data.py');
    const hash = createHash('sha256').update(await readFile(script));
    const size = customers === 0 ? rows : `${rows}-${customers}`;
    const folder = join(this.place.home, 'data', hash.digest('hex').slice(0, 12));
    return this.once(join(folder, `${kind}-${size}.${ending}`), async (file) => {
      const said = [kind, rows, customers, SEED, file].map(String);
      await runCommand(await peersPython(this.place), [script, ...said], {
        env: process.env,
        timeoutMs: MAKE_TIMEOUT_MS,
      });
    });
  }

  /** Half a file is never taken for a whole one. */
  private async once(file: string, make: (file: string) => Promise<void>): Promise<string> {
    if ((await stat(file).catch(() => undefined)) !== undefined) return file;
    this.place.log(`making ${file} …`);
    await mkdir(dirname(file), { recursive: true });
    await make(`${file}.part`);
    await rename(`${file}.part`, file);
    return file;
  }
}
