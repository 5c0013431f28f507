import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CleanedColumn } from '../../../../customers/cleaning/cell.js';
import { tidyText } from '../../../../customers/cleaning/tidy-text.js';
import { editsBetween, wordLikeness } from '../../../../customers/cleaning/word-likeness.js';
import { becomes, cleanCells } from './cells.js';

const clean = (cells: readonly string[], rule: object): CleanedColumn =>
  cleanCells(cells, { kind: 'category', ...rule });

describe('words of a list', () => {
  const values = { norte: [], noreste: ['NE'], 'centro-oeste': ['CO'], tecnología: ['tech'], 'N/A region': ['n/a'] };
  const one = (text: string): string | undefined => becomes([text], clean([text], { values }))[0];

  it.each([
    [' NORTE ', 'norte'],
    ['Centro Oeste', 'centro-oeste'],
    ['centrooeste', 'centro-oeste'],
    ['ne', 'noreste'],
    ['TecnologÃ\u00ada', 'tecnología'],
    ['tecnolgia', 'tecnología'],
    ['tecnolgoai', 'tecnología'],
    ['n0rte', 'norte'],
    ['sur', 'desconocida'],
    ['norteamérica', 'desconocida'],
    ['-', 'null'],
    ['N/A', 'N/A region'],
  ])('%s is %s', (text, value) => {
    expect(one(text)).toBe(value);
  });

  it('are told one by one where they were guessed, with their likeness and count', () => {
    const { matches } = clean(['nrote', 'nrote', 'Norte', 'Narnia', 'norste'], { values });
    expect(matches).toEqual([
      { spelling: 'nrote', canonical: ['norte'], rule: 'fuzzy', similarity: 0.94, count: 2, canonicalCount: 1 },
      {
        spelling: 'norste',
        canonical: ['norte', 'noreste'],
        rule: 'equally-near',
        similarity: 0.961,
        count: 1,
        canonicalCount: 1,
      },
    ]);
  });

  it('are taken at a higher threshold only where they are nearer', () => {
    expect(becomes(['nrote'], clean(['nrote'], { values, threshold: 0.99 }))).toEqual(['desconocida']);
  });

  it('are missing where that is configured, also if they are in the list', () => {
    expect(becomes(['norte'], clean(['norte'], { values, missing: ['Norte'] }))).toEqual(['null']);
  });

  it('stay as they are when they are cleaned again', () => {
    const word = fc.constantFrom(
      'norte',
      'NORTE',
      'nrote',
      'Narnia',
      'ne',
      'N/A',
      '?',
      'tech',
      'desconocida',
      'norste',
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (cells) => {
        const once = becomes(cells, clean(cells, { values })).filter((text) => text !== 'null');
        const again = clean(once, { values });
        expect(becomes(once, again)).toEqual(once);
        expect(again.readings.flatMap(({ rules }) => rules)).toEqual([]);
      }),
    );
  });
});

describe('words without a list', () => {
  it('are told where they were put together: each spelling, its count, and what it became', () => {
    const { matches } = clean(['Web', 'WEB', 'web', 'web', ' web', 'Teléfono', 'fax'], {});
    expect(matches).toEqual([
      { spelling: 'Web', canonical: ['web'], rule: 'spelling', similarity: 1, count: 1, canonicalCount: 3 },
      { spelling: 'WEB', canonical: ['web'], rule: 'spelling', similarity: 1, count: 1, canonicalCount: 3 },
    ]);
  });

  it('are the most frequent of the spellings that say the same, of two equally frequent the first by letter', () => {
    const cells = ['Tienda', 'tienda', 'TIENDA', 'tienda', 'Wéb', 'Web', 'Tiend'];
    expect(becomes(cells, clean(cells, {}))).toEqual(['tienda', 'tienda', 'tienda', 'tienda', 'Web', 'Web', 'Tiend']);
  });

  it('may be of signs alone', () => {
    expect(becomes(['+', '++', '€'], clean(['+', '++', '€'], {}))).toEqual(['+', '++', '€']);
  });
});

/** What Windows-1252 shows for the bytes 0x80 to 0x9f. Node's own decoder takes some of them for Latin-1. */
const HIGH = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const inWindows1252 = (byte: number): string => HIGH[byte - 0x80] ?? String.fromCodePoint(byte);

describe('a broken encoding', () => {
  it('is repaired for every text that went wrong once or twice', () => {
    const latin = fc.string({ unit: fc.constantFrom(...'aeñáéíóúÁÑüçãõ€ß '.split('')), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(latin, fc.integer({ min: 1, max: 2 }), (text, times) => {
        const wanted = text.replace(/\s+/g, ' ').trim();
        let broken = wanted;
        for (let i = 0; i < times; i++) broken = Array.from(Buffer.from(broken, 'utf8'), inWindows1252).join('');
        expect(tidyText(broken).text).toBe(wanted);
      }),
    );
  });

  it('is none in ordinary words', () => {
    const words = ['São Paulo', 'Ângela', 'Ãngulo', 'Muñoz', 'naïve', 'Âncora', '50 €', 'Ñandú'];
    expect(words.map((word) => tidyText(word).text)).toEqual(words);
  });
});

describe('the likeness of words', () => {
  it('is the one that Winkler gives for his examples', () => {
    expect(wordLikeness('martha', 'marhta')).toBeCloseTo(0.961, 3);
    expect(wordLikeness('dwayne', 'duane')).toBeCloseTo(0.84, 3);
    expect(wordLikeness('dixon', 'dicksonx')).toBeCloseTo(0.813, 3);
    expect(wordLikeness('abc', 'xyz')).toBe(0);
  });

  it('is the same both ways for edits, 0 for the same word, and 1 for one edit', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(word, word, fc.nat(), (a, b, at) => {
        expect(editsBetween(a, b)).toBe(editsBetween(b, a));
        expect(editsBetween(a, a)).toBe(0);
        const i = at % a.length;
        expect(editsBetween(a, `${a.slice(0, i)}x${a.slice(i)}`)).toBe(1);
        expect(editsBetween(a, `${a.slice(0, i)}x${a.slice(i + 1)}`)).toBe(1);
      }),
    );
    expect(editsBetween('norte', 'nrote')).toBe(1);
  });
});
