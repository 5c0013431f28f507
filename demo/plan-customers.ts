import { randomStream } from '../kernels/random.js';
import type { Draws } from './draws.js';
import { drawsFrom } from './draws.js';
import type { Canal, PersonaName, Rubro } from './personas.js';
import { personas, places } from './personas.js';

/** What the demo data is made from. The same options give the same data. */
export interface DemoOptions {
  /** An integer of 0..2^53 - 1. */
  readonly seed: number;
  readonly customers: number;
  /** First day of the data, `YYYY-MM-DD`. */
  readonly from: string;
  /** The day after the last, `YYYY-MM-DD`; 240 days after `from` or more. */
  readonly to: string;
}

/** When a customer is seen: throughout, only in the last three weeks, or only 201 days and more before the end. */
export type Aparicion = 'habitual' | 'tardia' | 'antigua';

/** A planted customer: the truth that a segmentation is to find again. */
export interface DemoCustomer {
  /** Eight digits, leading zeros included; no two customers share one. */
  readonly dni: string;
  readonly persona: PersonaName;
  readonly aparicion: Aparicion;
  /** First and last day of activity, in days since 1970-01-01, both included. */
  readonly firstDay: number;
  readonly lastDay: number;
  readonly perWeek: number;
  /** Over the typical amount of a rubro. */
  readonly spending: number;
  readonly rubros: Readonly<Partial<Record<Rubro, number>>>;
  readonly canales: Readonly<Partial<Record<Canal, number>>>;
  readonly places: readonly string[];
}

/** The features look 180 days back from dates up to three weeks before the end: longer ago than that is unseen. */
const LONG_AGO_DAYS = 201;
const LATE_DAYS = 21;
const LATE_SHARE = 0.03;
/** Of the `inactivos`. */
const LONG_AGO_SHARE = 0.25;
const LEADING_ZERO_SHARE = 0.08;

/**
 * The customers of the demo, in no order of meaning: personas by their share (rounded), 3% of the customers of active
 * personas seen for the first time in the last three weeks, a quarter of the `inactivos` seen only long ago, and 8% of
 * dnis with leading zeros. A customer's rate, spending and tastes vary around those of the persona.
 *
 * Throws a RangeError where the options cannot hold those plans.
 */
export function planCustomers(options: DemoOptions): DemoCustomer[] {
  const { from, to } = period(options);
  const random = drawsFrom(randomStream(options.seed, 0));
  const taken = new Set<string>();
  return personaOfEach(options.customers, random).map((name) => {
    const persona = personas[name];
    const aparicion = drawAparicion(name, random);
    return {
      dni: drawDni(taken, random),
      persona: name,
      aparicion,
      ...drawActivity(name, aparicion, from, to, random),
      perWeek: persona.perWeek * Math.exp(0.3 * random.normal()),
      spending: persona.spending * Math.exp(0.2 * random.normal()),
      rubros: vary(persona.rubros, random),
      canales: vary(persona.canales, random),
      places: drawPlaces(random.integer(...persona.places), random),
    };
  });
}

/** The days of the options, in days since 1970-01-01. Throws a RangeError for options that are out of range. */
export function period(options: DemoOptions): { from: number; to: number } {
  const [from, to] = [dayNumber('from', options.from), dayNumber('to', options.to)];
  if (to - from < 240) {
    throw new RangeError(`Expected \`to\` 240 days or more after \`from\` (${options.from}), got ${options.to}`);
  }
  if (!Number.isSafeInteger(options.customers) || options.customers < 1 || options.customers > 1_000_000) {
    throw new RangeError(`Expected \`customers\` to be 1..1000000, got ${options.customers}`);
  }
  return { from, to };
}

const DAY_MS = 86_400_000;

function dayNumber(name: string, text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // Date.parse takes the 31st of any month; only a day that exists comes back as it was written.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
    throw new RangeError(`Expected \`${name}\` to be a date as YYYY-MM-DD, got ${JSON.stringify(text)}`);
  }
  return time / DAY_MS;
}

/** Each persona as often as its share says, the rest to the first one, in random order. */
function personaOfEach(customers: number, random: Draws): PersonaName[] {
  // Object.keys widens to string; the keys are the names by the type of `personas`.
  const [first, ...others] = Object.keys(personas) as [PersonaName, ...PersonaName[]];
  const all = others.flatMap((name) => repeat(name, Math.floor(customers * personas[name].share)));
  all.push(...repeat(first, customers - all.length));
  return shuffled(all, random);
}

function repeat<T>(item: T, times: number): T[] {
  return Array.from({ length: times }, () => item);
}

function shuffled<T>(items: readonly T[], random: Draws): T[] {
  const keyed = items.map((item) => ({ item, key: random.uniform() }));
  return keyed.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
}

function drawAparicion(name: PersonaName, random: Draws): Aparicion {
  const draw = random.uniform();
  if (name === 'inactivos') return draw < LONG_AGO_SHARE ? 'antigua' : 'habitual';
  return draw < LATE_SHARE ? 'tardia' : 'habitual';
}

function drawActivity(name: PersonaName, aparicion: Aparicion, from: number, to: number, random: Draws) {
  if (aparicion === 'tardia') return { firstDay: to - random.integer(1, LATE_DAYS), lastDay: to - 1 };
  if (aparicion === 'antigua') return { firstDay: from, lastDay: random.integer(from + 14, to - LONG_AGO_DAYS) };
  // The window of the features still reaches these, with the longest recency of all.
  if (name === 'inactivos') return { firstDay: from, lastDay: to - random.integer(80, 145) };
  return { firstDay: from, lastDay: to - 1 };
}

function drawDni(taken: Set<string>, random: Draws): string {
  for (;;) {
    const number =
      random.uniform() < LEADING_ZERO_SHARE
        ? random.integer(100_000, 9_999_999)
        : random.integer(10_000_000, 46_999_999);
    const dni = String(number).padStart(8, '0');
    if (taken.has(dni)) continue;
    taken.add(dni);
    return dni;
  }
}

function vary<K extends string>(weights: Readonly<Partial<Record<K, number>>>, random: Draws) {
  // Object.entries and fromEntries widen the keys to string; the keys are those of `weights`.
  const entries = Object.entries(weights) as [K, number][];
  return Object.fromEntries(entries.map(([key, weight]) => [key, weight * Math.exp(0.35 * random.normal())])) as {
    [key in K]?: number;
  };
}

function drawPlaces(count: number, random: Draws): string[] {
  return shuffled(places, random).slice(0, count);
}
