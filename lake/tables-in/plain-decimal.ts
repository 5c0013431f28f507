/**
 * The shortest decimal that is this number, never with an exponent: `0.0000001`, `100000000000000000000000`. Throws a
 * `RangeError` on what is not finite.
 */
export function plainDecimal(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`Expected a finite number, got ${value}`);
  // The text of -0 is 0.
  return shifted(String(value), 0);
}

/** Moves the point of a decimal (`-12.5`, `1.5e-7`) by `places` to the right, digit by digit: nothing is rounded. */
export function shifted(decimal: string, places: number): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(decimal) ?? [];
  const shift = Number(exponent) + places;
  if (shift === 0 && exponent === '0') return decimal;
  const digits = whole + fraction;
  const point = whole.length + shift;
  const left = point <= 0 ? '0' : digits.slice(0, point).padEnd(point, '0');
  const right = point < 0 ? digits.padStart(digits.length - point, '0') : digits.slice(point);
  const [integer, rest] = [left.replace(/^0+(?=\d)/, ''), right.replace(/0+$/, '')];
  const unsigned = rest === '' ? integer : `${integer}.${rest}`;
  return unsigned === '0' ? '0' : sign + unsigned;
}
