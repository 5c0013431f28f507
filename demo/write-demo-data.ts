import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { csvLine } from './csv-line.js';
import type { DemoRow } from './generate-purchases.js';
import { generateTransactions } from './generate-transactions.js';
import type { PlantedDirt } from './plant-dirt.js';
import type { Aparicion, DemoCustomer, DemoOptions } from './plan-customers.js';
import { planCustomers } from './plan-customers.js';
import type { PersonaName } from './personas.js';

/** Nine months that end on a Monday: that day and the two Mondays before it all have a window of 180 days. */
export const demoDefaults: DemoOptions = { seed: 7, customers: 1500, from: '2026-03-01', to: '2026-11-30' };

/** What was written, for a test or a report to compare with what is read back. */
export interface WrittenDemoData {
  /** The paths of the monthly files, in order; `<folder>/transacciones-*.csv` matches these and nothing else. */
  readonly files: readonly string[];
  /** The path of the truth: `dni,persona,aparicion`, one line a customer, by dni. */
  readonly truthFile: string;
  /** Rows of the monthly files, headers left out, dirt included. */
  readonly rows: number;
  /** Rows of each kind of dirt among them. */
  readonly planted: PlantedDirt;
  readonly customers: {
    readonly total: number;
    readonly leadingZeros: number;
    readonly byPersona: Readonly<Partial<Record<PersonaName, number>>>;
    readonly byAparicion: Readonly<Partial<Record<Aparicion, number>>>;
  };
}

const COLUMNS = [
  'dni',
  'fecha',
  'rubro',
  'canal',
  'monto',
  'ubicacion',
  'producto',
] as const satisfies readonly (keyof DemoRow)[];

/**
 * Writes the demo's transactions into `folder`, made where missing: a CSV a month (`transacciones-2026-03.csv`; UTF-8,
 * comma, header, LF) and `verdad.csv`. Replaces files of the same names, leaves others. The same options give the same
 * bytes. Throws a RangeError for options out of range, before anything is written.
 */
export async function writeDemoData(folder: string, options: DemoOptions = demoDefaults): Promise<WrittenDemoData> {
  const customers = planCustomers(options);
  const { lines, rows, planted } = linesByMonth(options);
  await mkdir(folder, { recursive: true });

  const files: string[] = [];
  for (const [month, body] of lines) {
    const file = join(folder, `transacciones-${month}.csv`);
    await writeFile(file, csv(COLUMNS, body));
    files.push(file);
  }
  const truthFile = join(folder, 'verdad.csv');
  const truth = customers.map(({ dni, persona, aparicion }) => csvLine([dni, persona, aparicion]));
  await writeFile(truthFile, csv(['dni', 'persona', 'aparicion'], truth.toSorted()));
  return { files, truthFile, rows, planted, customers: countCustomers(customers) };
}

function linesByMonth(options: DemoOptions) {
  const lines = new Map<string, string[]>();
  const transactions = generateTransactions(options);
  let month = options.from.slice(0, 7);
  let rows = 0;
  for (;;) {
    const next = transactions.next();
    if (next.done) return { lines, rows, planted: next.value };
    const row = next.value;
    // The rows come in order of time: one whose date cannot be read lies in the month of the row before it.
    if (/^\d{4}-\d{2}-/.test(row.fecha)) month = row.fecha.slice(0, 7);
    const body = lines.get(month) ?? [];
    body.push(csvLine(COLUMNS.map((column) => row[column])));
    lines.set(month, body);
    rows++;
  }
}

function countCustomers(customers: readonly DemoCustomer[]): WrittenDemoData['customers'] {
  return {
    total: customers.length,
    leadingZeros: customers.filter(({ dni }) => dni.startsWith('0')).length,
    byPersona: countBy(customers.map(({ persona }) => persona)),
    byAparicion: countBy(customers.map(({ aparicion }) => aparicion)),
  };
}

function countBy<K extends string>(keys: readonly K[]): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

function csv(header: readonly string[], lines: readonly string[]): string {
  return `${[csvLine(header), ...lines].join('\n')}\n`;
}
