import { describe, expect, it } from 'vitest';
import { nameSegments } from '../../../activities/segment-names.js';
import type { SegmentProfile } from '../../../activities/segment-names.js';

const everyone = { comprasPromedio: 20, recenciaMediana: 10 };

/** A segment by its labels' shares; `lifts` defaults to the shares, so that the largest share names it. */
function segment(
  clusterId: number,
  shares: { readonly [label: string]: number },
  { comprasPromedio = 20, recenciaMediana = 10, lifts = shares }: Partial<SegmentProfileFigures> = {},
): SegmentProfile {
  const labels = Object.entries(shares).map(([label, share]) => ({ label, share, lift: lifts[label] ?? share }));
  return { clusterId, comprasPromedio, recenciaMediana, lifts: labels };
}

interface SegmentProfileFigures {
  readonly comprasPromedio: number;
  readonly recenciaMediana: number;
  readonly lifts: { readonly [label: string]: number };
}

const namesOf = (profiles: readonly SegmentProfile[]): string[] =>
  nameSegments(profiles, everyone).map(({ name }) => name);

describe('nameSegments', () => {
  it('names a segment by the label with the highest lift, not by the largest share', () => {
    const [named] = nameSegments(
      [segment(0, { Supermercado: 0.7, Farmacia: 0.3 }, { lifts: { Supermercado: 1.1, Farmacia: 3 } })],
      everyone,
    );
    expect(named).toMatchObject({ clusterId: 0, name: 'Farmacia', distinctive: { label: 'Farmacia', lift: 3 } });
  });

  it('passes over a label that is under a tenth of the purchases, whatever its lift', () => {
    const rare = segment(0, { Supermercado: 0.91, Náutica: 0.09 }, { lifts: { Supermercado: 1, Náutica: 40 } });
    expect(namesOf([rare])).toEqual(['Supermercado']);
  });

  it('takes the first label by name of equal lifts', () => {
    expect(namesOf([segment(0, { Viajes: 0.5, Farmacia: 0.5 })])).toEqual(['Farmacia']);
  });

  it('says General where no label is bought enough, and has nothing that sets it apart', () => {
    const scattered = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`r${i}`, 0.05]));
    expect(nameSegments([segment(0, scattered)], everyone)).toEqual([
      { clusterId: 0, name: 'General', distinctive: undefined },
    ]);
    expect(namesOf([segment(0, {})])).toEqual(['General']);
  });

  it('calls Inactivos who stopped long ago and bought little: both, beyond the limits', () => {
    const named = (comprasPromedio: number, recenciaMediana: number): string[] =>
      namesOf([segment(0, { Farmacia: 1 }, { comprasPromedio, recenciaMediana })]);
    expect(named(9.9, 20.1)).toEqual(['Inactivos']);
    expect(named(10, 20.1)).toEqual(['Farmacia']);
    expect(named(9.9, 20)).toEqual(['Farmacia']);
  });

  it('joins the second label, then the habit, then a number, where a name is taken', () => {
    const same = { Farmacia: 0.6, Perfumería: 0.4 };
    expect(namesOf(Array.from({ length: 7 }, (_, i) => segment(i, same)))).toEqual([
      'Farmacia',
      'Farmacia y Perfumería',
      'Farmacia, frecuentes',
      'Farmacia y Perfumería, frecuentes',
      'Farmacia 2',
      'Farmacia 3',
      'Farmacia 4',
    ]);
  });

  it('says the habit in multiples of what everyone buys', () => {
    const habit = (comprasPromedio: number): string | undefined =>
      namesOf([segment(0, { Farmacia: 1 }), segment(1, { Farmacia: 1 }, { comprasPromedio })])[1];
    expect([30, 20, 10, 9].map(habit)).toEqual([
      'Farmacia, muy frecuentes',
      'Farmacia, frecuentes',
      'Farmacia, ocasionales',
      'Farmacia, esporádicos',
    ]);
  });

  it('tells several inactive segments apart by what they bought', () => {
    const gone = { comprasPromedio: 1, recenciaMediana: 90 };
    expect(
      namesOf([
        segment(0, { Farmacia: 1 }, gone),
        segment(1, { Viajes: 1 }, gone),
        segment(2, { Viajes: 0.6, Hoteles: 0.4 }, gone),
        segment(3, { Farmacia: 1 }),
      ]),
    ).toEqual(['Inactivos', 'Inactivos de Viajes', 'Inactivos de Viajes y Hoteles', 'Farmacia']);
  });

  it('gives unique names however many segments are alike, and none that means no segment', () => {
    const many = namesOf(Array.from({ length: 1_500 }, (_, i) => segment(i, { sin_segmento: 1 })));
    expect(new Set(many).size).toBe(1_500);
    expect(many).not.toContain('sin_segmento');
    expect(many).not.toContain('');
  });

  it('stays unique where a label is itself a name that another segment could take', () => {
    const names = namesOf([
      segment(0, { 'Farmacia y Viajes': 1 }),
      segment(1, { Farmacia: 0.6, Viajes: 0.4 }),
      segment(2, { Farmacia: 0.6, Viajes: 0.4 }),
      segment(3, { Inactivos: 1 }),
      segment(4, { Viajes: 1 }, { comprasPromedio: 1, recenciaMediana: 90 }),
    ]);
    expect(new Set(names).size).toBe(5);
    expect(names).toEqual([
      'Farmacia y Viajes',
      'Farmacia',
      'Farmacia, frecuentes',
      'Inactivos',
      'Inactivos de Viajes',
    ]);
  });
});
