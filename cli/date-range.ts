import { Option } from 'commander';
import { BadConfig } from '../config/bad-config.js';
import { isCalendarDate } from '../dag/calendar-date.js';

/** Dates that a command is asked for, both included. */
export interface DateRange {
  readonly from?: string;
  readonly to?: string;
}

export const rangeOptions = (): Option[] => [
  new Option('--from <date>', 'from this fecha_modelo on').argParser(dateOf('--from')),
  new Option('--to <date>', 'up to this fecha_modelo, included').argParser(dateOf('--to')),
];

/** Reads an option that is a date. */
export const dateOf =
  (option: string) =>
  (text: string): string => {
    if (isCalendarDate(text)) return text;
    throw new BadConfig(`${option}: Expected a date that exists, as YYYY-MM-DD, got '${text}'`);
  };

/** One date, or a range. */
export function rangeOf({ fecha, from, to }: DateRange & { readonly fecha?: string }): DateRange {
  if (fecha !== undefined && (from ?? to) !== undefined) {
    throw new BadConfig('Expected --fecha, or --from and --to, got both');
  }
  if (from !== undefined && to !== undefined && from > to) {
    throw new BadConfig(`Expected --from to be no later than --to, got ${from} and ${to}`);
  }
  if (fecha !== undefined) return { from: fecha, to: fecha };
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** Reads an option that is a number of things. */
export const countOf =
  (option: string) =>
  (text: string): number => {
    const count = Number(text);
    if (Number.isInteger(count) && count >= 1) return count;
    throw new BadConfig(`${option}: Expected a whole number of at least 1, got '${text}'`);
  };
