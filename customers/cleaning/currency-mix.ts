import type { Decision } from './cell.js';
import type { NumberCell } from './separators.js';
import { addTo } from './tally.js';
import { namesIn } from './word-lists.js';

/** Spellings of one currency, the first of them its name; signs that several countries use say nothing. */
const SAME = [
  'usd us us$ u$s u$ dolar dolares dollar dollars buck bucks americanos',
  'eur € euro euros',
  'gbp £ pound pounds',
  'brl r r$ real reais',
  'pen s/ sol soles',
  'ars ar pesosargentinos',
  'mxn mx pesosmexicanos',
  'clp cl pesoschilenos',
  'cop co col pesoscolombianos',
  'uyu pesosuruguayos',
  'dop rd',
  'cad ca',
  'aud a au',
  'nzd nz',
  'pyg gs g ₲ guarani guaranies',
  'crc ₡ colon colones',
];
const UNSPECIFIC = new Set(['', '$', 'peso', 'pesos', '$peso', '$pesos']);
const NAMES = namesIn(SAME);

function nameOf(written: string): string {
  const letters = written.replaceAll('$', '');
  return NAMES.get(written) ?? NAMES.get(letters) ?? letters;
}

/**
 * Tells that the amounts of a column are in several currencies, with the cells of each: the numbers stay as they are
 * written, since what one currency is worth in another is not in the file.
 */
export function currencyMix(cells: readonly NumberCell[]): readonly Decision[] {
  const counts = new Map<string, number>();
  for (const { number, count } of cells) {
    if (UNSPECIFIC.has(number.currency)) continue;
    const name = nameOf(number.currency);
    addTo(counts, name, count);
  }
  if (counts.size < 2) return [];
  const evidence = Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return [{ what: 'currencies', chosen: 'numbers as written', by: 'default', evidence }];
}
