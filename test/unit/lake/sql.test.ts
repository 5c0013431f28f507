import { describe, expect, it } from 'vitest';
import { column, text, textList } from '../../../lake/sql.js';

describe('quoting for SQL', () => {
  it('doubles the quotes inside a name', () => {
    expect(column('monto "neto"')).toBe('"monto ""neto"""');
    expect(column("it's; DROP TABLE x --")).toBe(`"it's; DROP TABLE x --"`);
    expect(column('frecuencia:panadería')).toBe('"frecuencia:panadería"');
  });

  it('doubles the quotes inside a text', () => {
    expect(text("d'Artagnan's")).toBe("'d''Artagnan''s'");
    expect(text(String.raw`a\'b`)).toBe(String.raw`'a\''b'`);
    expect(text('')).toBe("''");
  });

  it('makes a list of texts', () => {
    expect(textList([])).toBe('[]');
    expect(textList(['a', "b'c"])).toBe("['a', 'b''c']");
  });
});
