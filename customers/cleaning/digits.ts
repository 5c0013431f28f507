export type Separator = '.' | ',';

/** What a point or a comma does in a number. */
export type Role = 'decimals' | 'thousands';

/** The digits of a number, of which one separator may leave open what it does. */
export interface Digits {
  /** The number as a plain decimal, if an open separator stands before decimals, and if it makes thousands. */
  readonly decimals: string;
  readonly thousands: string;
  /** The one separator of `1.234` or `1,234`. */
  readonly open: Separator | undefined;
  /** What the separators do that leave no doubt. */
  readonly point: Role | undefined;
  readonly comma: Role | undefined;
}

const PLAIN = /^\d+$/;
const WITH_EXPONENT = /^(.*\d)e([+-]?\d{1,3})$/i;
/** Groups of three, or the Indian ones: two digits a group before the last three. */
const GROUPS = {
  '.': /^\d{1,3}(\.\d{3})+$|^\d{1,2}(\.\d{2})+\.\d{3}$/,
  ',': /^\d{1,3}(,\d{3})+$|^\d{1,2}(,\d{2})+,\d{3}$/,
};
/** Blanks, apostrophes and underscores group, and nothing else. */
const SPACED = /^(\d{1,3}(?:[ ']\d{3})+|\d{1,3}(?:_\d{3})+)(?:([.,])(\d+))?$/;

/** Reads digits and their separators (`1.234,56`, `1'234.56`, `12,34,567.8`, `1.2e5`); undefined where they are no number. */
export function readDigits(text: string): Digits | undefined {
  if (PLAIN.test(text)) return sure(text, undefined, undefined);
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
    if (!GROUPS[other].test(whole) || !/^\d*$/.test(decimals)) return undefined;
    const plain = `${whole.replaceAll(other, '')}${decimals === '' ? '' : `.${decimals}`}`;
    return sign === '.' ? sure(plain, 'decimals', 'thousands') : sure(plain, 'thousands', 'decimals');
  }
  if (whole.includes(sign)) {
    return GROUPS[sign].test(text) ? does(text.replaceAll(sign, ''), sign, 'thousands') : undefined;
  }
  if (!/^\d*$/.test(whole) || !/^\d*$/.test(decimals)) return undefined;
  const isOpen = decimals.length === 3 && whole.length <= 3 && whole !== '' && !whole.startsWith('0');
  if (!isOpen) return divided(whole, sign, decimals);
  return {
    decimals: `${whole}.${decimals}`,
    thousands: whole + decimals,
    open: sign,
    point: undefined,
    comma: undefined,
  };
}

const sure = (plain: string, point: Role | undefined, comma: Role | undefined): Digits => ({
  decimals: plain,
  thousands: plain,
  open: undefined,
  point,
  comma,
});

const does = (plain: string, sign: Separator, role: Role): Digits =>
  sign === '.' ? sure(plain, role, undefined) : sure(plain, undefined, role);

function divided(whole: string, sign: Separator, decimals: string): Digits {
  if (decimals === '') return sure(whole, undefined, undefined);
  return does(`${whole === '' ? '0' : whole}.${decimals}`, sign, 'decimals');
}

function spaced(text: string): Digits | undefined {
  const [, whole, sign, decimals] = SPACED.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const digits = whole.replace(/\D/g, '');
  return decimals === undefined || (sign !== '.' && sign !== ',')
    ? sure(digits, undefined, undefined)
    : divided(digits, sign, decimals);
}

function withExponent(mantissa: string, power: string): Digits | undefined {
  const digits = readDigits(mantissa);
  if (digits === undefined) return undefined;
  // Nobody groups thousands before an exponent.
  const plain = `${digits.decimals}e${Number(power)}`;
  return digits.open === undefined ? sure(plain, digits.point, digits.comma) : does(plain, digits.open, 'decimals');
}
