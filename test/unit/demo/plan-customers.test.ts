import { describe, expect, it } from 'vitest';

import { planCustomers } from '../../../demo/plan-customers.js';

const options = { seed: 7, customers: 1500, from: '2026-03-01', to: '2026-11-30' };

describe('planCustomers', () => {
  it('gives each persona its share of the customers', () => {
    const counts: Record<string, number> = {};
    for (const { persona } of planCustomers(options)) counts[persona] = (counts[persona] ?? 0) + 1;
    expect(counts).toEqual({
      familia_supermercado: 420,
      jubilados_farmacia: 270,
      jovenes_delivery: 300,
      viajeros: 180,
      tecnologicos_online: 180,
      inactivos: 150,
    });
  });

  it('gives no dni twice, all of eight digits, some with leading zeros', () => {
    const dnis = planCustomers(options).map(({ dni }) => dni);
    expect(new Set(dnis).size).toBe(1500);
    expect(dnis.filter((dni) => !/^\d{8}$/.test(dni))).toEqual([]);
    const leading = dnis.filter((dni) => dni.startsWith('0')).length;
    expect(leading).toBeGreaterThan(60);
    expect(leading).toBeLessThan(180);
  });

  it('gives a customer two places or more only where its persona has them', () => {
    for (const { persona, places } of planCustomers(options)) {
      expect(new Set(places).size).toBe(places.length);
      if (persona === 'viajeros') expect(places.length).toBeGreaterThanOrEqual(8);
      if (persona === 'tecnologicos_online') expect(places.length).toBeLessThanOrEqual(2);
    }
  });

  it('refuses a period under 240 days, a date that does not exist, and a number of customers below 1', () => {
    expect(() => planCustomers({ ...options, to: '2026-06-01' })).toThrow('Expected `to` 240 days or more after');
    expect(() => planCustomers({ ...options, from: '2026-02-31' })).toThrow('Expected `from` to be a date');
    expect(() => planCustomers({ ...options, from: '1/3/2026' })).toThrow('Expected `from` to be a date');
    expect(() => planCustomers({ ...options, customers: 0 })).toThrow('Expected `customers` to be 1..1000000, got 0');
    expect(() => planCustomers({ ...options, seed: -1 })).toThrow(RangeError);
  });
});
