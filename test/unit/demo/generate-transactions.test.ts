import { describe, expect, it } from 'vitest';

import type { DemoRow } from '../../../demo/generate-purchases.js';
import { generateTransactions } from '../../../demo/generate-transactions.js';
import { rubros } from '../../../demo/personas.js';
import type { PersonaName } from '../../../demo/personas.js';
import { dirtRates } from '../../../demo/plant-dirt.js';
import type { Aparicion } from '../../../demo/plan-customers.js';
import { planCustomers } from '../../../demo/plan-customers.js';

const options = { seed: 7, customers: 600, from: '2026-03-01', to: '2026-11-30' };
const customers = planCustomers(options);
const { rows, planted } = collect(options);

function collect(options: Parameters<typeof generateTransactions>[0]) {
  const rows: DemoRow[] = [];
  const transactions = generateTransactions(options);
  for (;;) {
    const next = transactions.next();
    if (next.done) return { rows, planted: next.value };
    rows.push(next.value);
  }
}

const keyOf = (row: DemoRow) => Object.values(row).join('\n');
const distinct = [...new Map(rows.map((row) => [keyOf(row), row])).values()];
const isDate = (text: string) => /^2026-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text);
const isAmount = (text: string) => /^-?\d+\.\d{2}$/.test(text);
const isPurchase = ({ dni, fecha, monto }: DemoRow) =>
  dni !== '' && isDate(fecha) && isAmount(monto) && Number(monto) > 0 && Number(monto) < 1e6;

const tidy = (rubro: string) => rubro.trim().replaceAll(/ +/g, ' ');

function datesOf(aparicion: Aparicion): string[] {
  const dnis = new Set(customers.filter((c) => c.aparicion === aparicion).map(({ dni }) => dni));
  const dates = distinct.filter(({ dni, fecha }) => dnis.has(dni) && isDate(fecha)).map(({ fecha }) => fecha);
  return dates.map((fecha) => fecha.slice(0, 10)).toSorted();
}

function count(holds: (row: DemoRow) => boolean): number {
  return distinct.filter(holds).length;
}

describe('generateTransactions', () => {
  it('gives the same rows and counts for the same seed, other rows for another', () => {
    const small = { ...options, customers: 40 };
    expect(collect(small)).toEqual(collect(small));
    expect(collect({ ...small, seed: 8 }).rows).not.toEqual(collect(small).rows);
  });

  it('has the columns of the data contract, in order', () => {
    expect(Object.keys(rows[0] ?? {})).toEqual(['dni', 'fecha', 'rubro', 'canal', 'monto', 'ubicacion', 'producto']);
  });

  it('comes in order of time, within the period', () => {
    const dates = rows.map(({ fecha }) => fecha).filter(isDate);
    expect(dates).toEqual(dates.toSorted());
    expect(dates[0]?.slice(0, 10)).toBe('2026-03-01');
    expect(dates.at(-1)?.slice(0, 10)).toBe('2026-11-29');
  });

  it('plants every kind of dirt at about its rate', () => {
    const found = new Map(Object.entries(planted));
    expect([...found.keys()].toSorted()).toEqual(Object.keys(dirtRates).toSorted());
    for (const [kind, rate] of Object.entries(dirtRates)) {
      const expected = rate * rows.length;
      expect(found.get(kind), kind).toBeGreaterThan(0);
      // Five standard deviations of a Poisson count.
      expect(Math.abs((found.get(kind) ?? 0) - expected), kind).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it('repeats whole rows as often as it says, each right after its original', () => {
    expect(rows.length - distinct.length).toBe(planted.repeated);
    const repetitions = rows.filter((row, i) => {
      const before = rows[i - 1];
      return before !== undefined && keyOf(before) === keyOf(row);
    });
    expect(repetitions).toHaveLength(planted.repeated);
  });

  it('has the counted rows with an unknown or spaced rubro, or without canal', () => {
    const unknown = new Set(['', 'N/A', 'desconocido']);
    expect(count(({ rubro }) => unknown.has(rubro.trim()))).toBe(planted.unknownRubro);
    expect(count(({ rubro }) => !unknown.has(rubro.trim()) && rubro !== tidy(rubro))).toBe(planted.spacedRubro);
    expect(count(({ canal }) => canal === '')).toBe(planted.missingCanal);
    const known = Object.keys(rubros);
    expect(distinct.every(({ rubro }) => unknown.has(rubro.trim()) || known.includes(tidy(rubro)))).toBe(true);
  });

  it('has the counted refunds, zeros, absurd and unreadable amounts', () => {
    const amounts = (holds: (amount: number) => boolean) => count((row) => isAmount(row.monto) && holds(+row.monto));
    expect(amounts((amount) => amount < 0)).toBe(planted.refund);
    expect(amounts((amount) => amount === 0)).toBe(planted.zeroAmount);
    expect(amounts((amount) => amount > 100_000_000)).toBe(planted.absurdAmount);
    expect(count(({ monto }) => !isAmount(monto))).toBe(planted.unreadableAmount);
  });

  it('has the counted rows without dni or without a date that can be read', () => {
    expect(count(({ dni }) => dni === '')).toBe(planted.missingDni);
    expect(count(({ fecha }) => !isDate(fecha))).toBe(planted.unreadableDate);
    const unreadable = new Set(distinct.map(({ fecha }) => fecha).filter((fecha) => !isDate(fecha)));
    expect(unreadable).toEqual(new Set(['', '31/02/2026']));
  });

  it('shows every planted customer, and nobody else, with a purchase that can be used', () => {
    const bought = new Set(distinct.filter(isPurchase).map(({ dni }) => dni));
    expect([...bought].toSorted()).toEqual(customers.map(({ dni }) => dni).toSorted());
  });

  it('shows late customers in the last three weeks alone, and past ones only over 200 days before the end', () => {
    const late = datesOf('tardia');
    expect(late.length).toBeGreaterThan(0);
    expect(late[0]! >= '2026-11-09').toBe(true);
    const past = datesOf('antigua');
    expect(past.length).toBeGreaterThan(0);
    // 2026-05-13 is 201 days before the end: outside the 180 days before 2026-11-16 by a wide margin.
    expect(past.at(-1)! <= '2026-05-13').toBe(true);
  });
});

describe('the planted personas', () => {
  const personaOf = new Map(customers.map(({ dni, persona }) => [dni, persona]));
  const clean = distinct.filter(isPurchase);

  function of(persona: PersonaName) {
    const bought = clean.filter(({ dni }) => personaOf.get(dni) === persona);
    const part = (holds: (row: DemoRow) => boolean) => bought.filter(holds).length / bought.length;
    const size = customers.filter((c) => c.persona === persona).length;
    const last = bought.map(({ fecha }) => fecha.slice(0, 10)).toSorted();
    return {
      part,
      perCustomer: bought.length / size,
      meanAmount: bought.reduce((sum, { monto }) => sum + Number(monto), 0) / bought.length,
      lastDate: last.at(-1),
      places: new Set(bought.map(({ ubicacion }) => ubicacion)).size,
      rubro: (name: string) => part(({ rubro }) => rubro === name),
      canal: (name: string) => part(({ canal }) => canal === name),
      byDay: (day: number) => part(({ fecha }) => new Date(`${fecha.slice(0, 10)}T00:00:00Z`).getUTCDay() === day),
    };
  }

  it('buy the rubros of their kind', () => {
    expect(of('familia_supermercado').rubro('supermercado')).toBeGreaterThan(0.45);
    expect(of('jubilados_farmacia').rubro('farmacia')).toBeGreaterThan(0.45);
    expect(of('jovenes_delivery').rubro('delivery')).toBeGreaterThan(0.3);
    expect(of('jovenes_delivery').rubro('restaurantes')).toBeGreaterThan(0.25);
    expect(of('viajeros').rubro('viajes') + of('viajeros').rubro('hoteles')).toBeGreaterThan(0.5);
    expect(of('tecnologicos_online').rubro('electrónica')).toBeGreaterThan(0.45);
  });

  it('buy through the channels of their kind', () => {
    expect(of('jovenes_delivery').canal('app')).toBeGreaterThan(0.6);
    expect(of('tecnologicos_online').canal('web')).toBeGreaterThan(0.6);
    expect(of('jubilados_farmacia').canal('presencial')).toBeGreaterThan(0.85);
    expect(of('familia_supermercado').canal('presencial')).toBeGreaterThan(0.7);
  });

  it('buy as often and for as much as their kind', () => {
    expect(of('familia_supermercado').perCustomer).toBeGreaterThan(1.8 * of('tecnologicos_online').perCustomer);
    expect(of('viajeros').meanAmount).toBeGreaterThan(3 * of('familia_supermercado').meanAmount);
    expect(of('jubilados_farmacia').meanAmount).toBeLessThan(0.6 * of('familia_supermercado').meanAmount);
  });

  it('buy on the days of their kind', () => {
    const [monday, saturday] = [1, 6];
    expect(of('familia_supermercado').byDay(saturday)).toBeGreaterThan(1.5 * of('familia_supermercado').byDay(monday));
    expect(of('jubilados_farmacia').byDay(monday)).toBeGreaterThan(2 * of('jubilados_farmacia').byDay(saturday));
  });

  it('have stopped for at least 80 days where inactive, and still buy otherwise', () => {
    expect(of('inactivos').lastDate! <= '2026-09-11').toBe(true);
    expect(of('jubilados_farmacia').lastDate! >= '2026-11-20').toBe(true);
  });
});
