import { describe, expect, it } from 'vitest';
import type { CleanedColumn } from '../../../../customers/cleaning/cell.js';
import { becomes, cleanCells } from './cells.js';

const clean = (cells: readonly string[], values: object, more: object = {}): CleanedColumn =>
  cleanCells(cells, { kind: 'category', values, other: 'otra', ...more });
const words = (cells: readonly string[], values: object, more?: object): string[] =>
  becomes(cells, clean(cells, values, more));

describe('a short word one edit away from one of the list', () => {
  it('is that word where no other is within two edits', () => {
    expect(words(['Wbe', 'EWB', 'eb', 'PAP', 'pp', 'Sucursl'], ['App', 'Web', 'Sucursal'])).toEqual([
      'Web',
      'Web',
      'Web',
      'App',
      'App',
      'Sucursal',
    ]);
    expect(words(['roys', 'AEAUTY'], ['Beauty', 'Toys'])).toEqual(['Toys', 'Beauty']);
  });

  it('is none where another one is', () => {
    expect(words(['tas'], ['gas', 'tax'])).toEqual(['otra']);
    expect(words(['wap'], ['Web', 'App'])).toEqual(['otra']);
  });

  it('is none of an abbreviation, nor kept from a word by one', () => {
    const values = { Norte: ['N'], Sul: ['S'], 'São Paulo': ['SP'] };
    expect(words(['uSl', 'UL', 'Slu', 'zp'], values)).toEqual(['Sul', 'Sul', 'Sul', 'otra']);
  });

  it('is no contrary word, and none where much likeness is asked for', () => {
    expect(words(['este'], ['Oeste'])).toEqual(['otra']);
    expect(words(['Wbe'], ['Web'], { threshold: 0.99 })).toEqual(['otra']);
  });

  it('is told with its likeness and count', () => {
    expect(clean(['Web', 'Wbe', 'Wbe'], ['Web']).matches).toMatchObject([
      { spelling: 'Wbe', canonical: ['Web'], rule: 'fuzzy', count: 2, canonicalCount: 1 },
    ]);
  });
});

describe('a word of the list among others', () => {
  const list = ['norte', 'sur', 'este', 'Santa Fe'];

  it.each([
    ['Región norte', 'norte'],
    ['ZONA SUR', 'sur'],
    ['Provincia de Santa Fe', 'Santa Fe'],
    ['este (AR)', 'este'],
    ['(AR) este', 'este'],
    ['norte - Argentina', 'norte'],
    ['Argentina / región norte', 'norte'],
    ['norte (zona norte)', 'norte'],
  ])('is meant by `%s`', (text, word) => {
    expect(words([text], list)).toEqual([word]);
    expect(clean([text], list).readings[0]?.rules).toEqual(['word-in-text']);
    expect(clean([text], list).matches).toMatchObject([{ spelling: text, rule: 'word-in-text', count: 1 }]);
  });

  it.each([
    'norte y sur',
    'norte - sur',
    'norte (sur)',
    'no norte',
    'este (no)',
    'sin norte',
    'lejos al norte',
    'zona',
  ])('is not meant by `%s`', (text) => {
    expect(words([text], list)).toEqual(['otra']);
  });
});

describe('a word of the list without its umlauts', () => {
  it('is that word, however frequent', () => {
    const cells = Array.from({ length: 20 }, () => 'ZUERICH');
    expect(words([...cells, 'Oesterreich', 'Malmoe'], ['Zürich', 'Österreich', 'Malmö']).slice(-3)).toEqual([
      'Zürich',
      'Österreich',
      'Malmö',
    ]);
  });
});
