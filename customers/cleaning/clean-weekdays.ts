import type { RuleOf } from '../column-rule.js';
import { UNREADABLE, column, missing, read } from './cell.js';
import type { CleanedColumn, Decision, Reading, Spelling } from './cell.js';
import { missingTest } from './missing-marker.js';
import { foldWord, tidySigns } from './tidy-text.js';

const NAMES = [
  'lunes martes miercoles jueves viernes sabado domingo',
  'monday tuesday wednesday thursday friday saturday sunday',
  'segunda terca quarta quinta sexta sabado domingo',
  'lundi mardi mercredi jeudi vendredi samedi dimanche',
  'montag dienstag mittwoch donnerstag freitag samstag sonntag',
  'lunedi martedi mercoledi giovedi venerdi sabato domenica',
];
const SHORT = [
  'lu ma mi ju vi sa do',
  'mo tu we th fr sa su',
  'mon tues weds thurs fri sat sun',
  'seg ter qua qui sex sab dom',
  '2a 3a 4a 5a 6a',
];

/** Whole names, and beginnings of them that mean one day in every tongue: `mar` is a Tuesday, `s` is none. */
const DAYS = daysByName();

/**
 * Days of the week, 1 (Monday) .. 7, by name or number. Where a column has a 0 and no 7, its numbers start with 0 for
 * Monday, as pandas and Python count; where it has both, 0 is the same Sunday as 7.
 */
export function cleanWeekdays(spellings: readonly Spelling[], rule: RuleOf<'weekday'>): CleanedColumn {
  const isMissing = missingTest(rule.missing);
  const looks = spellings.map(({ text, count }) => {
    const { text: tidied, rule: tidying } = tidySigns(text);
    const absent = isMissing(tidied);
    const [, digit] = /^0?([0-7])(?:\.0+)?$/.exec(tidied) ?? [];
    return { tidied, tidying, absent, number: digit === undefined ? undefined : Number(digit), count };
  });
  const cells = (day: number): number =>
    looks.reduce((sum, { number, absent, count }) => sum + (absent === undefined && number === day ? count : 0), 0);
  const [zeros, sevens] = [cells(0), cells(7)];
  const isFromZero = zeros > 0 && sevens === 0;
  const readings = looks.map(({ tidied, tidying, absent, number }): Reading => {
    if (absent !== undefined) return missing(absent);
    const rules = tidying === undefined ? [] : [tidying];
    if (number === undefined) {
      const day = DAYS.get(foldWord(tidied).replace(/ feira$/, ''));
      return day === undefined ? UNREADABLE : read(day, [...rules, 'weekday-name']);
    }
    if (isFromZero) return read(number + 1, [...rules, 'counted-from-zero']);
    return number === 0 ? read(7, [...rules, 'counted-from-zero']) : read(number, rules);
  });
  const decision: Decision = {
    what: 'weekday numbers',
    chosen: isFromZero ? '0 is Monday' : '0 and 7 are Sunday',
    by: isFromZero ? 'default' : 'evidence',
    evidence: { zeros, sevens },
  };
  return column(readings, zeros > 0 ? [decision] : []);
}

function daysByName(): ReadonlyMap<string, number> {
  const days = new Map<string, number>();
  const unclear = new Set<string>();
  const add = (name: string, day: number): void => {
    if (days.has(name) && days.get(name) !== day) unclear.add(name);
    days.set(name, day);
  };
  for (const names of NAMES) {
    for (const [i, name] of names.split(' ').entries()) {
      for (let letters = 3; letters <= name.length; letters++) add(name.slice(0, letters), i + 1);
    }
  }
  for (const names of SHORT) {
    for (const [i, name] of names.split(' ').entries()) add(name, i + 1);
  }
  for (const name of unclear) days.delete(name);
  return days;
}
