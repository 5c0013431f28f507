import type { Draws } from './draws.js';
import { digitalCanales, personas, rubros } from './personas.js';
import type { DemoCustomer } from './plan-customers.js';

/** A row of the demo data, each value as the CSV has it. */
export interface DemoRow {
  readonly dni: string;
  /** `YYYY-MM-DD HH:MM:SS`. */
  readonly fecha: string;
  readonly rubro: string;
  readonly canal: string;
  /** Two decimals. */
  readonly monto: string;
  /** Empty in the digital channels. */
  readonly ubicacion: string;
  readonly producto: string;
}

const PRODUCTS_OF_A_RUBRO = 60;

/**
 * The purchases of one customer, clean, day by day but in no order within a day. The days are Poisson around the
 * customer's rate and the persona's week; the first day always has one, so that every planted customer is in the data.
 */
export function* generatePurchases(customer: DemoCustomer, random: Draws): Generator<DemoRow> {
  const { week } = personas[customer.persona];
  for (let day = customer.firstDay; day <= customer.lastDay; day++) {
    // 1970-01-01 was a Thursday: three days after a Monday.
    const rate = (customer.perWeek / 7) * (week[(day + 3) % 7] ?? 1);
    const count = Math.max(random.poisson(rate), day === customer.firstDay ? 1 : 0);
    for (let i = 0; i < count; i++) yield drawPurchase(customer, day, random);
  }
}

function drawPurchase(customer: DemoCustomer, day: number, random: Draws): DemoRow {
  const rubro = random.weighted(customer.rubros);
  const canal = random.weighted(customer.canales);
  const { code, amount } = rubros[rubro];
  return {
    dni: customer.dni,
    fecha: drawTime(day, personas[customer.persona].hours, random),
    rubro,
    canal,
    monto: (amount * customer.spending * Math.exp(0.45 * random.normal())).toFixed(2),
    ubicacion: digitalCanales.has(canal) ? '' : random.pick(customer.places),
    producto: `${code}-${String(random.integer(1, PRODUCTS_OF_A_RUBRO)).padStart(3, '0')}`,
  };
}

function drawTime(day: number, [first, last]: readonly [number, number], random: Draws): string {
  const seconds = random.integer(first * 3600, (last + 1) * 3600 - 1);
  return new Date((day * 86_400 + seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
