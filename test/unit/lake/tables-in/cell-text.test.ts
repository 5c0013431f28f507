import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellPlace, columnLetters } from '../../../../lake/tables-in/cell-reference.js';
import { cellText } from '../../../../lake/tables-in/cell-text.js';
import { nearestName } from '../../../../lake/tables-in/nearest-name.js';
import { formatOf } from '../../../../lake/tables-in/number-formats.js';
import type { NumberFormat } from '../../../../lake/tables-in/number-formats.js';
import { plainDecimal } from '../../../../lake/tables-in/plain-decimal.js';
import { serialDate } from '../../../../lake/tables-in/serial-date.js';

const texts = ['norte', '', 'a_b'];
const strings = { count: texts.length, at: (index: number) => texts[index] ?? '' };

/** A cell's text, as `type` and in `format`. */
const textOf = (value: string, type = 'n', format: NumberFormat = 'number', formula = false): string | null =>
  cellText({ column: 1, type, style: 0, value, formula }, { strings, formats: [format], date1904: false });

describe('the text of a cell', () => {
  it('is, of a number, its shortest decimal without an exponent', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['42', '42'],
      ['-7', '-7'],
      ['0.1', '0.1'],
      ['0.45200000000000001', '0.452'],
      ['1.0', '1'],
      ['1E-07', '0.0000001'],
      ['1.5e-7', '0.00000015'],
      ['1.2345E+3', '1234.5'],
      ['6.02214076E+23', '602214076000000000000000'],
      ['1E21', '1000000000000000000000'],
      ['-0', '0'],
      ['-0.0', '0'],
      [' 5 ', '5'],
      ['007', '7'],
      ['12345678901234567890', '12345678901234567890'],
    ];
    for (const [value, text] of cases) expect(textOf(value), value).toBe(text);
  });

  it('is, of a number that a text could mean as thousands, its decimal with a fourth digit', () => {
    const cases = [
      ['12.345', '12.3450'],
      ['-7.125', '-7.1250'],
      ['0.125', '0.125'],
      ['1234.125', '1234.125'],
    ] as const;
    for (const [value, text] of cases) expect(textOf(value), value).toBe(text);
  });

  it('is, of a whole number in a format of zeros, what a spreadsheet shows', () => {
    expect(formatOf('00000')).toBe('code-5');
    expect(formatOf('0')).toBe('number');
    expect(formatOf('0.00')).toBe('number');
    expect(textOf('42', 'n', 'code-5')).toBe('00042');
    expect(textOf('-42', 'n', 'code-5')).toBe('-00042');
    expect(textOf('1234567', 'n', 'code-5')).toBe('1234567');
    expect(textOf('4.5', 'n', 'code-5')).toBe('4.5');
  });

  it('is, of a number in a percent format, exactly a hundred times that, and has the sign', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['0.45200000000000001', '45.2%'],
      ['0.452', '45.2%'],
      ['1', '100%'],
      ['0', '0%'],
      ['-0.125', '-12.5%'],
      ['12.3', '1230%'],
      ['0.00001', '0.001%'],
      ['1.1', '110%'],
      ['0.07', '7%'],
    ];
    for (const [value, text] of cases) expect(textOf(value, 'n', 'percent'), value).toBe(text);
  });

  it('is a shared text, an own one, a boolean’s name, an error’s name', () => {
    expect(textOf('0', 's')).toBe('norte');
    expect(textOf('1', 's')).toBeNull();
    expect(textOf('=1+1_x000A_&', 'inlineStr')).toBe('=1+1\n&');
    expect(textOf('_x005F_x000A_', 'str')).toBe('_x000A_');
    expect(textOf('1', 'b')).toBe('true');
    expect(textOf('0', 'b')).toBe('false');
    expect(textOf('#N/A', 'e')).toBe('#N/A');
    expect(textOf('2024-03-01T10:30:00', 'd')).toBe('2024-03-01T10:30:00');
  });

  it('is, of a formula, its stored value; an empty text is none', () => {
    expect(textOf('12.50', 'n', 'number', true)).toBe('12.5');
    expect(textOf('sí', 'str', 'number', true)).toBe('sí');
    expect(textOf('', 'str', 'number', true)).toBeNull();
    expect(() => textOf('', 'n', 'number', true)).toThrow(/Expected the stored value of the formula, got none/);
  });

  it('is refused of what is no number and of a shared text that is not there', () => {
    for (const value of ['NaN', 'INF', 'abc', ' ', '0x10z', '1,5'])
      expect(() => textOf(value)).toThrow(/Expected a number/);
    for (const value of ['3', '-1', '0.5', 'x'])
      expect(() => textOf(value, 's')).toThrow(/one of the workbook's 3 texts/);
  });
});

describe('plainDecimal', () => {
  it('is the number again when it is read, and has no exponent', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
        const text = plainDecimal(value);
        expect(text).toMatch(/^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$/);
        expect(Number(text)).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe('serialDate', () => {
  it('is the day of the 1900 calendar, whose leap day of 1900 never was', () => {
    const cases: readonly (readonly [number, string])[] = [
      [1, '1900-01-01'],
      [31, '1900-01-31'],
      [59, '1900-02-28'],
      [60, '1900-02-29'],
      [61, '1900-03-01'],
      [25_569, '1970-01-01'],
      [36_526, '2000-01-01'],
      [45_352, '2024-03-01'],
      [2_958_465, '9999-12-31'],
    ];
    for (const [serial, date] of cases) expect(serialDate(serial, 'date', false)).toBe(date);
  });

  it('is the day of the 1904 calendar where the workbook has that', () => {
    expect(serialDate(0, 'date', true)).toBe('1904-01-01');
    expect(serialDate(43_890, 'date', true)).toBe('2024-03-01');
  });

  it('has the time of day where the format or the number has one', () => {
    expect(serialDate(45_352.4375, 'datetime', false)).toBe('2024-03-01T10:30:00');
    expect(serialDate(45_352.4375, 'date', false)).toBe('2024-03-01T10:30:00');
    expect(serialDate(45_352, 'datetime', false)).toBe('2024-03-01T00:00:00');
    expect(serialDate(45_352.999_999_999_9, 'date', false)).toBe('2024-03-02');
    expect(serialDate(45_352 + 1.5 / 86_400, 'datetime', false)).toBe('2024-03-01T00:00:01.500');
  });

  it('is a time alone where the format is one and no day is there, and a length of time in hours', () => {
    expect(serialDate(0.4375, 'time', false)).toBe('10:30:00');
    expect(serialDate(45_352.4375, 'time', false)).toBe('2024-03-01T10:30:00');
    expect(serialDate(1.5, 'elapsed', false)).toBe('36:00:00');
  });

  it('is nothing for what no calendar has', () => {
    for (const serial of [-1, 2_958_466, 1e9, Number.NaN]) expect(serialDate(serial, 'date', false)).toBeUndefined();
    expect(serialDate(0, 'date', false)).toBe('1900-01-00');
  });

  it('goes through every day in order, and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 61, max: 2_958_465 }), fc.integer({ min: 0, max: 86_399 }), (day, second) => {
        const text = serialDate(day + second / 86_400, 'datetime', false);
        expect(Date.parse(`${text}Z`)).toBe((day - 25_569) * 86_400_000 + second * 1_000);
      }),
    );
  });
});

describe('what a format’s code means', () => {
  const codes: { readonly [format in NumberFormat]: readonly string[] } = {
    number: [
      'General',
      '0.00',
      '#,##0.00 "días"',
      '[$€-2] #,##0.00',
      '0.00E+00',
      '@',
      '',
      '0" % de descuento"',
      '[Red]0',
      '# ?/?',
    ],
    percent: ['0%', '0.00%', '0.0 %;[Red]-0.0 %'],
    date: [
      'yyyy-mm-dd',
      'd/m/yy',
      'mmm-yy',
      '[$-409]d-mmm-yy;@',
      String.raw`dd\/mm\/yyyy`,
      '[$-F800]dddd, mmmm dd, yyyy',
      'mmmm',
    ],
    datetime: ['m/d/yy h:mm', 'yyyy-mm-dd hh:mm:ss.000', 'd/m/yyyy h:mm AM/PM'],
    time: ['h:mm', 'mm:ss.0', 'h:mm:ss AM/PM', '[$-409]h:mm AM/PM;@'],
    elapsed: ['[h]:mm:ss', '[mm]:ss', '[ss]'],
  };

  it.each(Object.entries(codes))('%s', (format, all) => {
    for (const code of all) expect(formatOf(code), code).toBe(format);
  });
});

describe('places of cells', () => {
  it('are within a sheet or none', () => {
    expect(cellPlace('A1')).toEqual({ row: 1, column: 1 });
    expect(cellPlace('XFD1048576')).toEqual({ row: 1_048_576, column: 16_384 });
    for (const wrong of ['', 'A', '1', 'XFE1', 'A1048577', 'A0', 'a1', 'A1B', 'AAAAAAAA1', 'A-1', 'A1.5']) {
      expect(cellPlace(wrong), wrong).toBeUndefined();
    }
  });

  it('have letters that mean them', () => {
    for (const column of [1, 26, 27, 52, 702, 703, 16_384]) {
      expect(cellPlace(`${columnLetters(column)}7`)).toEqual({ row: 7, column });
    }
  });
});

describe('nearestName', () => {
  it('is the most similar one, or none where none is similar', () => {
    expect(nearestName('customer_id', ['Customer ID', 'age', 'income'])).toBe('Customer ID');
    expect(nearestName('income', ['Year', 'incomes', 'Region'])).toBe('incomes');
    expect(nearestName('region', ['x', 'y'])).toBeUndefined();
  });
});
