import type { Draws } from '../draws.js';
import type { Cell, WrittenCell } from './cell.js';
import type { CustomerProfile, DateNotation, MoneyNotation, PercentNotation } from './customer-profile.js';
import { rounded } from './draw-customer.js';
import { amongBlanks } from './write-words.js';

const clean = (cell: Cell): WrittenCell => ({ cell, dirt: 'clean' });
const notation = (cell: Cell): WrittenCell => ({ cell, dirt: 'notation' });

/** A number that a few systems keep as text. */
export function writeNumber(value: number, { decimal }: CustomerProfile, random: Draws): WrittenCell {
  const chance = random.uniform();
  const text = String(value).replace('.', decimal);
  if (chance < 0.02) return notation(text);
  return chance < 0.03 ? { cell: amongBlanks(text, random), dirt: 'blanks' } : clean(value);
}

/** An amount of money: `share` of them as text, in one of the profile's notations. */
export function writeMoney(value: number, share: number, profile: CustomerProfile, random: Draws): WrittenCell {
  if (random.uniform() >= share) return clean(value);
  const found = random.weighted(Object.fromEntries(profile.moneyNotations.map(({ weight }, i) => [i, weight])));
  const how = profile.moneyNotations[Number(found)];
  // The keys are its indices.
  if (how === undefined) throw new RangeError(`Expected a notation of ${profile.name}, got number ${found}`);
  return notation(money(value, how, random));
}

function money(value: number, { before, after, group, decimal }: MoneyNotation, random: Draws): string {
  // Whole amounts keep their decimals where the rarer sign stands before them: `$ 12,345` would say two things.
  const whole = Number.isInteger(value) && decimal === ',' && random.uniform() < 0.5;
  const [units = '', cents] = Math.abs(value)
    .toFixed(whole ? 0 : 2)
    .split('.');
  const grouped = units.replaceAll(/\B(?=(?:\d{3})+$)/g, group);
  const text = `${before}${grouped}${cents === undefined ? '' : decimal + cents}${after}`;
  if (value >= 0) return text;
  return random.uniform() < 0.5 ? `-${text}` : `(${text})`;
}

/** `$ 12,345` in a column where a comma stands before decimals: twelve thousand to whoever typed it. */
export const writeUnclearMoney = (value: number): Cell =>
  `$ ${String(Math.round(value)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')}`;

/** A share of 1, in one of the profile's notations. What is above 1 always has its sign. */
export function writePercent(share: number, profile: CustomerProfile, random: Draws): WrittenCell {
  const number = rounded(share * 100, 1);
  const text = String(number).replace('.', random.uniform() < 0.5 ? profile.decimal : '.');
  const forms: Readonly<Record<PercentNotation, Cell>> = {
    number,
    share,
    text,
    cell: { percent: share },
    sign: `${text}%`,
    'spaced sign': `${text} %`,
  };
  const how = random.weighted(profile.percentNotations);
  return notation(share > 1 ? forms.sign : forms[how]);
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

export function writeDate(date: string, profile: CustomerProfile, random: Draws): WrittenCell {
  const [y = '', m = '', d = ''] = date.split('-');
  const forms: Readonly<Record<DateNotation, Cell>> = {
    cell: { date },
    iso: date,
    'd/m/y': `${d}/${m}/${y}`,
    'd-m-y': `${d}-${m}-${y}`,
    'd.m.y': `${d}.${m}.${y}`,
    'd/m/yy': `${Number(d)}/${Number(m)}/${y.slice(2)}`,
    'm/d/y': `${m}/${d}/${y}`,
    'm/d/yy': `${Number(m)}/${Number(d)}/${y.slice(2)}`,
    'd mon y': `${d}-${MONTHS[Number(m) - 1]}-${y}`,
  };
  const how = random.weighted(profile.dateNotations);
  return how === 'cell' ? clean(forms.cell) : notation(forms[how]);
}

/** A number with its unit: one of the forms, in which `{n}` is the number. */
export const withUnit = (value: number, forms: readonly string[], random: Draws): WrittenCell =>
  notation(random.pick(forms).replace('{n}', String(value)));
