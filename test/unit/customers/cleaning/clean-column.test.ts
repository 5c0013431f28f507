import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerReport } from '../../../../customers/cleaning/cleaning-report.js';
import { columnRule } from '../../../../customers/column-rule.js';
import { becomes, cleanCells, spellingsOf } from './cells.js';

const dirt = fc.oneof(
  fc.constantFrom(
    'N/A',
    '-',
    '',
    ' 12 ',
    '$ 1.234,56',
    '45%',
    '35 años',
    'nunca',
    '999',
    '-1',
    '16/06/2014',
    '2014-06-16',
  ),
  fc.constantFrom(
    'sí',
    'x',
    '14:30',
    '2 pm',
    'lunes',
    '0',
    '7',
    '0.5',
    '45.2',
    '1,234',
    'Córdoba',
    'CORDOBA',
    '1893',
    '57',
  ),
  fc.integer({ min: -50, max: 120 }).map(String),
  fc.double({ min: 0, max: 100, noNaN: true }).map((number) => number.toFixed(2)),
  fc.string({ maxLength: 8 }),
);
const kinds = columnRule.options.map(({ shape }) => shape.kind.value);

describe('a column of any kind', () => {
  it.each(kinds)('of %s reads any text, loses none uncounted, and says null only where it tells why', (kind) => {
    fc.assert(
      fc.property(fc.array(dirt, { minLength: 1, maxLength: 40 }), fc.nat(5), (cells, empty) => {
        const spellings = spellingsOf(cells);
        const cleaned = cleanCells(cells, { kind });
        expect(cleaned.readings).toHaveLength(spellings.length);
        for (const [i, { value, rules, outcome, never }] of cleaned.readings.entries()) {
          if (value === null) expect(rules).not.toEqual([]);
          if (never === true) expect([value, outcome]).toEqual([null, 'read']);
          // A text that became something else says by which rule.
          const isSame =
            typeof value === 'number' ? Number(spellings[i]?.text) === value : String(value) === spellings[i]?.text;
          if (!isSame) expect(rules).not.toEqual([]);
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
        }
        const { cells: counted } = headerReport('x', spellings, cleaned, empty);
        expect(counted.read + counted.other + counted.missing + counted.unreadable).toBe(cells.length + empty);
      }),
    );
  });

  it.each(kinds)('of %s that is clean stays as it is', (kind) => {
    fc.assert(
      fc.property(fc.array(dirt, { minLength: 1, maxLength: 40 }), (cells) => {
        const written = cleanCells(cells, { kind }).readings.flatMap(({ value }) =>
          value === null ? [] : [String(value)],
        );
        // A share above 1 looks like a percent, and without the small numbers a large one may stand apart.
        if (kind === 'percent' && written.some((text) => Math.abs(Number(text)) > 1)) return;
        const again = cleanCells(written, { kind });
        if (kind === 'days' && again.decisions.length > 0) return;
        expect(again.readings.map(({ value }) => String(value))).toEqual(spellingsOf(written).map(({ text }) => text));
        expect(again.readings.flatMap(({ rules }) => rules)).toEqual([]);
      }),
    );
  });

  it('does not depend on the order of its rows', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.array(dirt, { maxLength: 30 }), (kind, cells) => {
        const turned = cells.toReversed();
        expect(becomes(turned, cleanCells(turned, { kind })).toReversed()).toEqual(
          becomes(cells, cleanCells(cells, { kind })),
        );
      }),
    );
  });
});
