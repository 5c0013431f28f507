import { randomStream } from '../kernels/random.js';
import { drawsFrom } from './draws.js';
import type { DemoRow } from './generate-purchases.js';
import { generatePurchases } from './generate-purchases.js';
import type { PlantedDirt } from './plant-dirt.js';
import { drawDirt, soil } from './plant-dirt.js';
import type { DemoOptions } from './plan-customers.js';
import { planCustomers } from './plan-customers.js';

/**
 * The transactions of the planted customers over `[from, to)`, in order of time, with the dirt of real life. Seeded:
 * the same options give the same rows. About 60 rows a customer over nine months.
 *
 * Rates of rows, each row with one kind of dirt at most: 1% whole-row repetitions, right after their original; 1.5%
 * with an unknown rubro (empty, blanks, `N/A`, `desconocido`); 1% with stray blanks in the rubro; 0.5% without canal;
 * 0.6% refunds (negative); 0.3% of amount 0.00; 0.03% of an absurd amount (`999999999.99`, `123456789.00`); 0.1% of an
 * amount that is no number (`n/d`, `-`, `S/D`); 0.2% without dni; 0.1% of a date that is none (`31/02/2026`, empty).
 * A customer's first purchase is clean. Two rows are equal only where a repetition was planted.
 *
 * Rates of customers: 8% with leading zeros in the dni, 3% of the active seen first in the last three weeks, 2.5% seen
 * only 201 days and more before the end.
 *
 * The generator's return value is how many rows of each kind were planted: take it from `next()` once `done`.
 */
export function* generateTransactions(options: DemoOptions): Generator<DemoRow, PlantedDirt, undefined> {
  const purchases: { row: DemoRow; first: boolean }[] = [];
  // Plans, purchases and dirt draw from streams of their own: other dirt leaves the purchases as they are.
  for (const [i, customer] of planCustomers(options).entries()) {
    const draws = drawsFrom(randomStream(options.seed, 1, i));
    let first = true;
    for (const row of generatePurchases(customer, draws)) {
      purchases.push({ row, first });
      first = false;
    }
  }
  purchases.sort((a, b) => compareText(a.row.fecha, b.row.fecha) || compareText(a.row.dni, b.row.dni));

  const dirt = drawsFrom(randomStream(options.seed, 2));
  const planted = nothingPlanted();
  const seen = new Set<string>();
  for (const { row: clean, first } of purchases) {
    const kind = first ? undefined : drawDirt(dirt);
    const row = kind === undefined ? clean : soil(clean, kind, dirt);
    const key = Object.values(row).join('\n');
    if (seen.has(key)) continue;
    seen.add(key);
    yield row;
    if (kind === 'repeated') yield row;
    if (kind !== undefined) planted[kind]++;
  }
  return planted;
}

function nothingPlanted(): PlantedDirt {
  return {
    repeated: 0,
    unknownRubro: 0,
    spacedRubro: 0,
    missingCanal: 0,
    refund: 0,
    zeroAmount: 0,
    absurdAmount: 0,
    unreadableAmount: 0,
    missingDni: 0,
    unreadableDate: 0,
  };
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
