import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CleanedColumn } from '../../../../customers/cleaning/cell.js';
import { becomes, cleanCells } from './cells.js';

const clean = (cells: readonly string[]): CleanedColumn => cleanCells(cells, { kind: 'weekday' });
const read = (text: string): string[] => becomes(text.split(' '), clean(text.split(' ')));

/** From Monday on, each without a doubt. */
const WEEKS = [
  'L M X J V S D',
  'M T W R F S U',
  'M T W Th F Sa Su',
  'Lu Ma Mi Ju Vi Sa Do',
  'Mo Tu We Th Fr Sa Su',
  'Mo Di Mi Do Fr Sa So',
  'lu ma me je ve sa di',
  'lu ma me gi ve sa do',
  'seg ter qua qui sex sáb dom',
  '2ª 3ª 4ª 5ª 6ª sáb dom',
  '2a-feira 3a-feira 4a-feira 5a-feira 6a-feira sábado domingo',
  'lun. mar. mié. jue. vie. sáb. dom.',
  'lun. mar. mer. jeu. ven. sam. dim.',
  'lun mar mer gio ven sab dom',
  'Mon Tues Weds Thurs Fri Sat Sun',
  'Mo. Die. Mitt. Don. Frei. Sonnabend Sonn.',
  '1-Lunes 2-Martes 3-Miércoles 4-Jueves 5-Viernes 6-Sábado 7-Domingo',
].map((week) => week.split(' '));

describe('a weekday in short', () => {
  it.each(WEEKS.map((week) => [week.join(' '), week] as const))('is the same day again: %s', (_, week) => {
    expect(becomes(week, clean(week))).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  it('is that day or none where the column has only some of them, in whatever order', () => {
    const days = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...WEEKS), days, (week, chosen) => {
        const cells = chosen.map((day) => week[day] ?? '');
        for (const [i, value] of becomes(cells, clean(cells)).entries()) {
          expect(['null', String((chosen[i] ?? 0) + 1)]).toContain(value);
        }
      }),
    );
  });

  it('is told and not read where its letter stands for two days', () => {
    expect(read('L M M J V S D')).toEqual(['1', 'null', 'null', '4', '5', '6', '7']);
    expect(read('M T W T F S S')).toEqual(['1', 'null', '3', 'null', '5', 'null', 'null']);
    expect(read('S T Q Q S S D')).toEqual(['null', '2', 'null', 'null', 'null', 'null', '7']);
    expect(clean(['L', 'M', 'M', 'J']).decisions).toEqual([
      { what: "which weekday 'm' is", chosen: 'undecided', by: 'evidence', evidence: { cells: 2 } },
    ]);
  });

  it('is told and not read where it is another day in another tongue and the rest does not tell which that is', () => {
    expect(read('do')).toEqual(['null']);
    expect(read('do lu')).toEqual(['7', '1']);
    expect(read('do mo fr')).toEqual(['4', '1', '5']);
    expect(read('di je')).toEqual(['7', '4']);
  });

  it('is read in two tongues of one column', () => {
    expect(read('Lun Tues miércoles Thu viernes foo')).toEqual(['1', '2', '3', '4', '5', 'null']);
  });
});
