import { namesIn } from './word-lists.js';

/** Units of time in several tongues, in lower case and without accents: each line begins with its name. */
const TIMES = [
  'hour hours hora horas h hrs hs stunde stunden heure heures ora ore',
  'day days dia dias tag tage tagen jour jours giorno giorni',
  'week weeks semana semanas woche wochen semaine semaines settimana settimane',
  'month months mth mths mo mos mes meses monat monate monaten mois mese mesi',
  'year years yr yrs ano anos anio anios jahr jahre jahren an ans annee annees anno anni',
];
/** Others of which one column may have several: they are told apart, and never turned into each other. */
const OTHERS = [
  'mg',
  'g gr gramo gramos grama gramas gram grams gramm gramme grammes',
  'kg kgs kilo kilos kilogramo kilogramos',
  'lb lbs libra libras pound pounds oz',
  'mm',
  'cm cms',
  'km kms kilometro kilometros kilometer kilometers',
  'metro metros meter meters metre metres',
  'ml',
  'lt lts litro litros liter liters litre litres',
  'kb',
  'mb',
  'gb',
  'sec secs second seconds segundo segundos sekunde sekunden',
  'min mins minute minutes minuto minutos minuten',
];

const NAMES = namesIn([...TIMES, ...OTHERS]);

/** How many of the smaller unit the larger one always is. Of days a month has now more, now fewer. */
const EXACT = new Map([
  ['year>month', 12],
  ['week>day', 7],
]);

/** The name of a unit of which there are larger and smaller ones: `month` of `Monate`; undefined for other words. */
export const unitName = (word: string): string | undefined => NAMES.get(word);

/** What a number in one unit is to be multiplied by in a column of another: undefined where nobody can say. */
export const unitFactor = (from: string, to: string): number | undefined =>
  from === to ? 1 : EXACT.get(`${from}>${to}`);
