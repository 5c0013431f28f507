import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIds } from '../../../../customers/audience/read-ids.js';

describe('a file of ids', () => {
  it.each([
    ['one a line', '007\n7\n\n 0 \r\nana\n', ['007', '7', '0', 'ana']],
    ['with a header', 'customer_id\n007\n', ['007']],
    ['a byte order mark before it', '\uFEFFcustomer_id\n1\n', ['1']],
    ['a column among others', 'nombre;Customer_ID;x\nana;007;1\n"b;c";8;\n', ['007', '8']],
    ['tabs and quotes', '"customer_id"\t"n"\n"00""1"\t"a\tb"\n', ['00"1']],
    ['repeated ids once', '1\n2\n1\n', ['1', '2']],
    ['hyphens and slashes are no separators', 'a-1\nb/2\n', ['a-1', 'b/2']],
  ])('%s', (_what, text, ids) => {
    expect(readIds(text)).toEqual(ids);
  });

  it.each([
    ['', 'Expected ids, one a line, got an empty file'],
    ['customer_id\n\n', 'Expected ids below the header, got none'],
    ['id,nombre\n1,ana\n', "line 1: Expected a header with the column customer_id, or one id a line, got 'id,nombre'"],
    ['1\n\n2,3\n', "line 3: Expected one id a line, got '2,3'"],
    ['customer_id,x\n1,2\n3\n', "line 3: Expected 2 cells, as in the header, got 1: '3'"],
    ['customer_id,x\n,2\n', "line 2: Expected an id in the column customer_id, got none: ',2'"],
    ['1\n"2\n', `line 2: Expected quotes in pairs, got '"2'`],
  ])('%j is refused with line and value', (text, message) => {
    expect(() => readIds(text)).toThrow(message);
  });

  it('gives back what was written, leading zeros and all', () => {
    const id = fc.string({ unit: fc.constantFrom('0', '1', '7', 'a', 'ñ', '-', '_', '.'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 1 }), (ids) => {
        expect(readIds(ids.join('\r\n'))).toEqual(ids);
        expect(readIds(['x,customer_id', ...ids.map((one) => `"a,b","${one}"`)].join('\n'))).toEqual(ids);
      }),
    );
  });
});
