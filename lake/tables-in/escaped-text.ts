/** Undoes how workbooks write what XML cannot hold: `_x000D_` is a carriage return, and `_x005F_` an underscore. */
export const unescapeText = (text: string): string =>
  text.includes('_x')
    ? text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
