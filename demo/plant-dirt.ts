import type { Draws } from './draws.js';
import type { DemoRow } from './generate-purchases.js';

/**
 * How many rows of each kind of dirt were planted. No row has two kinds, and a repeated row is a clean one, so that the
 * counts add up whatever the order in which a reader drops rows.
 */
export type PlantedDirt = Record<DirtKind, number>;

export type DirtKind =
  | 'repeated'
  | 'unknownRubro'
  | 'spacedRubro'
  | 'missingCanal'
  | 'refund'
  | 'zeroAmount'
  | 'absurdAmount'
  | 'unreadableAmount'
  | 'missingDni'
  | 'unreadableDate';

/** The chance of each kind for a row. */
export const dirtRates: Readonly<Record<DirtKind, number>> = {
  repeated: 0.01,
  unknownRubro: 0.015,
  spacedRubro: 0.01,
  missingCanal: 0.005,
  refund: 0.006,
  zeroAmount: 0.003,
  absurdAmount: 0.0003,
  unreadableAmount: 0.001,
  missingDni: 0.002,
  unreadableDate: 0.001,
};

/** The kind of dirt a row is to have: mostly none. */
export function drawDirt(random: Draws): DirtKind | undefined {
  let left = random.uniform();
  // Object.entries widens the keys to string; they are the kinds by the type of `dirtRates`.
  for (const [kind, rate] of Object.entries(dirtRates) as [DirtKind, number][]) {
    left -= rate;
    if (left < 0) return kind;
  }
  return undefined;
}

/** The row with the dirt in it. A `repeated` row stays as it is: the caller gives it twice. */
export function soil(row: DemoRow, kind: DirtKind, random: Draws): DemoRow {
  return { ...row, ...changes[kind](row, random) };
}

const changes: Readonly<Record<DirtKind, (row: DemoRow, random: Draws) => Partial<DemoRow>>> = {
  repeated: () => ({}),
  unknownRubro: (_, random) => ({ rubro: random.pick(['', '  ', 'N/A', 'desconocido']) }),
  spacedRubro: (row, random) => ({ rubro: spaced(row.rubro, random) }),
  missingCanal: () => ({ canal: '' }),
  refund: (row) => ({ monto: `-${row.monto}` }),
  zeroAmount: () => ({ monto: '0.00' }),
  absurdAmount: (_, random) => ({ monto: random.pick(['999999999.99', '123456789.00']) }),
  unreadableAmount: (_, random) => ({ monto: random.pick(['n/d', '-', 'S/D']) }),
  missingDni: () => ({ dni: '' }),
  unreadableDate: (row, random) => ({ fecha: random.pick([`31/02/${row.fecha.slice(0, 4)}`, '']) }),
};

function spaced(rubro: string, random: Draws): string {
  const forms = [` ${rubro}`, `${rubro}  `, ` ${rubro} `];
  if (rubro.includes(' ')) forms.push(rubro.replaceAll(' ', '  '));
  return random.pick(forms);
}
