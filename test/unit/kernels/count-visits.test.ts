import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countVisits } from '../../../kernels/count-visits.js';

interface Visit {
  readonly place: number;
  /** `YYYY-MM-DD` */
  readonly date: string;
}

const PLACES = 5;
const dayOf = (date: string): number => Date.parse(date) / 86_400_000;

/** Customers' visits in order; `chunk` rows are handed over at once. */
function counted(customers: readonly (readonly Visit[])[], chunk = 1_000) {
  const rows = customers.flatMap((visits, customer) => visits.map((visit) => ({ ...visit, customer })));
  const { add, end } = countVisits(customers.length, PLACES);
  for (let from = 0; from < rows.length; from += chunk) {
    const part = rows.slice(from, from + chunk);
    add({
      // Neighbours share one half of their hashes, by turns.
      high: Int32Array.from(part, ({ customer }) => customer >> 1),
      low: Int32Array.from(part, ({ customer }) => (customer + 1) >> 1),
      place: Int32Array.from(part, ({ place }) => place),
      day: Int32Array.from(part, ({ date }) => dayOf(date)),
    });
  }
  const { places, months, seen } = end();
  return { places: [...places], months: [...months], seen };
}

const visit = fc.record({
  place: fc.integer({ min: -1, max: PLACES - 1 }),
  date: fc
    .date({ min: new Date('1969-11-01'), max: new Date('1971-02-28'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
});
const inOrder = fc
  .array(visit, { minLength: 1, maxLength: 12 })
  .map((visits) => visits.toSorted((a, b) => (a.date < b.date ? -1 : 1)));

describe('counting visits', () => {
  it('counts the distinct places and months of each customer', () => {
    const ana = [
      { place: 0, date: '2025-12-31' },
      { place: 1, date: '2026-01-01' },
      { place: 0, date: '2026-01-31' },
    ];
    const eva = [{ place: 0, date: '2026-01-31' }];
    expect(counted([ana, eva])).toEqual({ places: [2, 1], months: [2, 1], seen: 2 });
  });

  it('counts no place where there is none', () => {
    expect(counted([[{ place: -1, date: '2026-01-01' }]])).toEqual({ places: [0], months: [1], seen: 1 });
  });

  it('tells the same month of two years apart', () => {
    const visits = ['2025-03-01', '2026-03-01'].map((date) => ({ place: 0, date }));
    expect(counted([visits]).months).toEqual([2]);
  });

  it('is what sets of each customer have, however the rows come in parts', () => {
    fc.assert(
      fc.property(fc.array(inOrder, { maxLength: 8 }), fc.integer({ min: 1, max: 7 }), (customers, chunk) => {
        const distinct = (values: readonly (string | number)[]): number => new Set(values).size;
        expect(counted(customers, chunk)).toEqual({
          places: customers.map((visits) => distinct(visits.map(({ place }) => place).filter((place) => place >= 0))),
          months: customers.map((visits) => distinct(visits.map(({ date }) => date.slice(0, 7)))),
          seen: customers.length,
        });
      }),
    );
  });

  it('says how many customers came, where they are not as many as was said', () => {
    const { add, end } = countVisits(1, PLACES);
    const column = (...values: number[]): Int32Array => Int32Array.from(values);
    add({ high: column(1, 2, 1), low: column(1, 1, 1), place: column(0, 0, 0), day: column(0, 0, 0) });
    expect(end().seen).toBe(3);
  });
});
