/** A kind of customer: how often, of what, where and for how much its customers buy. */
export interface Persona {
  /** Its part of all customers; the parts sum to 1. */
  readonly share: number;
  /** Mean purchases a week of a customer while active. */
  readonly perWeek: number;
  /** Weights of the rubros bought. */
  readonly rubros: Readonly<Partial<Record<Rubro, number>>>;
  /** Weights of the channels. */
  readonly canales: Readonly<Partial<Record<Canal, number>>>;
  /** What its customers spend on a purchase, over the typical amount of the rubro. */
  readonly spending: number;
  /** Relative frequency of the days, from Monday; mean 1. */
  readonly week: readonly [number, number, number, number, number, number, number];
  /** The hours of the day between which it buys, both included. */
  readonly hours: readonly [number, number];
  /** How many places a customer buys at, least and most. */
  readonly places: readonly [number, number];
}

export type Canal = 'presencial' | 'app' | 'web' | 'telefono';

/** Purchases in these channels carry no place. */
export const digitalCanales: ReadonlySet<Canal> = new Set<Canal>(['app', 'web']);

/** Each rubro with the prefix of its product codes and its typical (median) amount. */
export const rubros = {
  supermercado: { code: 'SUP', amount: 62 },
  farmacia: { code: 'FAR', amount: 28 },
  restaurantes: { code: 'RES', amount: 34 },
  delivery: { code: 'DEL', amount: 19 },
  combustible: { code: 'COM', amount: 48 },
  viajes: { code: 'VIA', amount: 310 },
  hoteles: { code: 'HOT', amount: 190 },
  electrónica: { code: 'ELE', amount: 240 },
  entretenimiento: { code: 'ENT', amount: 16 },
  indumentaria: { code: 'IND', amount: 55 },
  'artículos del hogar': { code: 'HOG', amount: 70 },
  librería: { code: 'LIB', amount: 22 },
  panadería: { code: 'PAN', amount: 7 },
  salud: { code: 'SAL', amount: 45 },
  // So rare that fewer than 1 customer in 100 buys it: it has no column of its own among the features.
  náutica: { code: 'NAU', amount: 420 },
} as const;

export type Rubro = keyof typeof rubros;

export type PersonaName =
  | 'familia_supermercado'
  | 'jubilados_farmacia'
  | 'jovenes_delivery'
  | 'viajeros'
  | 'tecnologicos_online'
  | 'inactivos';

/** The planted personas. `inactivos` buy as anybody does, and then stop months before the end of the period. */
export const personas: Readonly<Record<PersonaName, Persona>> = {
  familia_supermercado: {
    share: 0.28,
    perWeek: 2.1,
    rubros: {
      supermercado: 58,
      combustible: 13,
      'artículos del hogar': 9,
      indumentaria: 7,
      farmacia: 6,
      panadería: 4,
      librería: 3,
    },
    canales: { presencial: 86, app: 9, web: 5 },
    spending: 1.3,
    week: [0.8, 0.7, 0.7, 0.8, 1.1, 1.7, 1.2],
    hours: [9, 20],
    places: [2, 4],
  },
  jubilados_farmacia: {
    share: 0.18,
    perWeek: 1.3,
    rubros: { farmacia: 56, panadería: 16, salud: 15, supermercado: 13 },
    canales: { presencial: 95, telefono: 5 },
    spending: 0.8,
    week: [1.4, 1.3, 1.2, 1.2, 1.1, 0.5, 0.3],
    hours: [8, 13],
    places: [1, 3],
  },
  jovenes_delivery: {
    share: 0.2,
    perWeek: 1.9,
    rubros: { delivery: 42, restaurantes: 33, entretenimiento: 15, indumentaria: 10 },
    canales: { app: 76, presencial: 20, web: 4 },
    spending: 0.9,
    week: [0.6, 0.6, 0.7, 1.1, 1.5, 1.5, 1],
    hours: [12, 23],
    places: [3, 6],
  },
  viajeros: {
    share: 0.12,
    perWeek: 0.8,
    rubros: { viajes: 35, hoteles: 30, restaurantes: 20, combustible: 14.8, náutica: 0.2 },
    canales: { presencial: 52, web: 42, app: 6 },
    spending: 1.6,
    week: [0.9, 0.8, 0.8, 1, 1.3, 1.2, 1],
    hours: [7, 22],
    places: [8, 14],
  },
  tecnologicos_online: {
    share: 0.12,
    perWeek: 1,
    rubros: { electrónica: 56, entretenimiento: 24, librería: 11, 'artículos del hogar': 9 },
    canales: { web: 78, app: 18, presencial: 4 },
    spending: 1.1,
    week: [1.1, 1, 1, 1, 0.9, 0.9, 1.1],
    hours: [18, 23],
    places: [1, 2],
  },
  inactivos: {
    share: 0.1,
    perWeek: 0.9,
    rubros: { supermercado: 30, indumentaria: 25, restaurantes: 20, farmacia: 15, combustible: 10 },
    canales: { presencial: 80, web: 12, app: 8 },
    spending: 0.8,
    week: [1, 0.9, 0.9, 1, 1.1, 1.2, 0.9],
    hours: [9, 21],
    places: [1, 3],
  },
};

/** Places a purchase is made at; with commas, quotes and accents, as the names of places have them. */
export const places: readonly string[] = [
  'Palermo, Buenos Aires',
  'Caballito, Buenos Aires',
  'Belgrano, Buenos Aires',
  'Microcentro, Buenos Aires',
  'La Plata',
  'Quilmes',
  'San Isidro',
  'Córdoba, Centro',
  'Córdoba, Nueva Córdoba',
  'Rosario, Pichincha',
  'Mendoza',
  'Tucumán',
  'Neuquén',
  'Bahía Blanca',
  'Mar del Plata, La Perla',
  'Bariloche',
  'Salta',
  'Ushuaia',
  'Galería "El Paseo", Paraná',
  'Posadas',
];
