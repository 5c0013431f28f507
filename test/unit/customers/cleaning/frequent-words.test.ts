import { describe, expect, it } from 'vitest';
import { areContrary } from '../../../../customers/cleaning/contrary-words.js';
import { becomes, cleanCells, warningsOfCells } from './cells.js';

const clean = (cells: readonly string[], values: readonly string[]) => cleanCells(cells, { kind: 'category', values });
const warnings = (cells: readonly string[], values: readonly string[]): string[] =>
  warningsOfCells('zona', cells, { kind: 'category', values });
const times = (text: string, count: number): string[] => Array.from({ length: count }, () => text);

describe('a word near to one of the list', () => {
  it('is not taken for it where it is too frequent for a slip, in whatever case', () => {
    const cells = [...times('Rosario', 100), ...times('Rosarito', 6), ...times('ROSARITO', 4), 'Rosaro'];
    expect(new Set(becomes(cells, clean(cells, ['Rosario'])))).toEqual(new Set(['Rosario', 'desconocida']));
    expect(becomes(cells, clean(cells, ['Rosario'])).slice(-2)).toEqual(['desconocida', 'Rosario']);
    expect(clean(cells, ['Rosario']).matches.map(({ spelling, rule }) => [spelling, rule])).toEqual([
      ['Rosarito', 'too-frequent'],
      ['ROSARITO', 'too-frequent'],
      ['Rosaro', 'fuzzy'],
    ]);
  });

  it('is taken for it where many typos are few beside the word, or where there are few cells', () => {
    const many = [...times('Rosario', 1_000), ...times('Rosaro', 20)];
    expect(becomes(many, clean(many, ['Rosario'])).at(-1)).toBe('Rosario');
    const few = [...times('Rosario', 9), ...times('Rosaro', 9)];
    expect(becomes(few, clean(few, ['Rosario'])).at(-1)).toBe('Rosario');
  });

  it('is warned of, whether it was taken or not', () => {
    const cells = [...times('Rosario', 40), ...times('Rosarito', 12), ...times('Norte', 5), ...times('Nortes', 3)];
    expect(warnings(cells, ['Rosario', 'Norte'])).toEqual([
      'zona: `Rosarito` in 12 cells is too frequent to be taken for `Rosario` (40 cells): `values` should have it, as a word or as a spelling of one',
      'zona: `Nortes` in 3 cells was taken for `Norte` (5 cells): `values` should have it, as a word or as a spelling of one',
    ]);
  });

  it('is not warned of where it is a slip', () => {
    expect(warnings([...times('Rosario', 40), ...times('Rosaro', 3)], ['Rosario'])).toEqual([]);
  });
});

describe('words that are contrary', () => {
  it.each([
    ['este', 'oeste'],
    ['noreste', 'noroeste'],
    ['zona este', 'zona oeste'],
    ['sureste', 'suroeste'],
    ['masculino', 'femenino'],
    ['satisfecho', 'insatisfecho'],
    ['anual', 'bianual'],
    ['bimestral', 'trimestral'],
    ['mayorista', 'minorista'],
    ['gambia', 'zambia'],
  ])('%s and %s', (a, b) => {
    expect(areContrary(a, b)).toBe(true);
    expect(areContrary(b, a)).toBe(true);
    expect(becomes([a], clean([a], [b]))).toEqual(['desconocida']);
  });

  it.each([
    ['sudeste', 'sureste'],
    ['nordeste', 'noreste'],
    ['norte', 'nrote'],
    ['oeste', 'oste'],
    ['oeste', 'este de la ciudad'],
    ['', ''],
  ])('but not %s and %s', (a, b) => {
    expect(areContrary(a, b)).toBe(false);
  });

  it('are so without their blanks, too', () => {
    expect(becomes(['Centro-Este', 'centroeste'], clean(['Centro-Este', 'centroeste'], ['Centro-Oeste']))).toEqual([
      'desconocida',
      'desconocida',
    ]);
  });
});
