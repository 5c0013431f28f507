export type DecimalSign = 'point' | 'comma';

/** The digits of a number, whose separators may leave open which of them stands before the decimals. */
export interface Digits {
  /** The number as a plain decimal, where a point stands before the decimals, and where a comma does. */
  readonly point: string;
  readonly comma: string;
  /** Which sign stands before the decimals, where these digits alone say so. */
  readonly says?: DecimalSign;
  /** The one separator of `1.234` or `1,234`, which may be either. */
  readonly ambiguous?: '.' | ',';
}

const PLAIN = /^\d+$/;
const WITH_EXPONENT = /^(.*\d)e([+-]?\d{1,3})$/i;
/** Groups of three, or the Indian ones: two digits a group before the last three. */
const GROUPS = {
  '.': /^\d{1,3}(\.\d{3})+$|^\d{1,2}(\.\d{2})+\.\d{3}$/,
  ',': /^\d{1,3}(,\d{3})+$|^\d{1,2}(,\d{2})+,\d{3}$/,
};
/** Blanks, apostrophes and underscores group, and nothing else. */
const SPACED = /^\d{1,3}([ '_])\d{3}(?:\1\d{3})*(?:([.,])(\d+))?$/;

/** Reads digits and their separators (`1.234,56`, `1'234.56`, `12,34,567.8`, `1.2e5`); undefined where they are no number. */
export function readDigits(text: string): Digits | undefined {
  if (PLAIN.test(text)) return same(text);
  const [, mantissa, power] = WITH_EXPONENT.exec(text) ?? [];
  if (mantissa !== undefined && power !== undefined) return withExponent(mantissa, power);
  if (/[ '_]/.test(text)) return spaced(text);
  const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  const sign = text[last];
  if (sign !== '.' && sign !== ',') return undefined;
  const [whole, decimals] = [text.slice(0, last), text.slice(last + 1)];
  const other = sign === '.' ? ',' : '.';
  if (whole.includes(other)) {
    // Both: the last one stands before the decimals, and the other one groups.
    return GROUPS[other].test(whole) && /^\d*$/.test(decimals)
      ? decimal(whole.replaceAll(other, ''), sign, decimals)
      : undefined;
  }
  if (whole.includes(sign)) {
    return GROUPS[sign].test(text) ? { ...same(text.replaceAll(sign, '')), says: named(other) } : undefined;
  }
  if (!/^\d*$/.test(whole) || !/^\d*$/.test(decimals)) return undefined;
  if (decimals.length !== 3 || whole.length > 3 || whole === '' || whole.startsWith('0'))
    return decimal(whole, sign, decimals);
  const [divided, grouped] = [`${whole}.${decimals}`, whole + decimals];
  return sign === '.'
    ? { point: divided, comma: grouped, ambiguous: sign }
    : { point: grouped, comma: divided, ambiguous: sign };
}

const named = (sign: '.' | ','): DecimalSign => (sign === '.' ? 'point' : 'comma');

const same = (plain: string): Digits => ({ point: plain, comma: plain });

const decimal = (whole: string, sign: '.' | ',', decimals: string): Digits => ({
  ...same(decimals === '' ? whole : `${whole === '' ? '0' : whole}.${decimals}`),
  ...(decimals === '' ? {} : { says: named(sign) }),
});

function spaced(text: string): Digits | undefined {
  const [found, , sign, decimals] = SPACED.exec(text) ?? [];
  if (found === undefined) return undefined;
  if (decimals === undefined || (sign !== '.' && sign !== ',')) return same(text.replace(/\D/g, ''));
  return decimal(text.slice(0, -decimals.length - 1).replace(/\D/g, ''), sign, decimals);
}

function withExponent(mantissa: string, power: string): Digits | undefined {
  const digits = readDigits(mantissa);
  if (digits === undefined) return undefined;
  // Nobody groups thousands before an exponent.
  const plain = digits.ambiguous === undefined ? digits.point : mantissa.replace(',', '.');
  const says = digits.ambiguous === undefined ? digits.says : named(digits.ambiguous);
  return { ...same(`${plain}e${Number(power)}`), ...(says === undefined ? {} : { says }) };
}
