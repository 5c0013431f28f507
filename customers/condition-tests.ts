import { isCalendarDate } from '../dag/calendar-date.js';
import type { CellValue, ValueType } from './column-value.js';
import { BadCondition } from './condition.js';
import type { ColumnTest, Condition } from './condition.js';

/** A test whose value is of its column's type. */
export interface TypedTest {
  readonly column: string;
  /** A missing value passes no test, not even `!=`. */
  holds(value: CellValue): boolean;
}

/** Not everything that JavaScript takes for one: `0x10`, and nothing at all. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Three decimals after a number of up to three digits may be thousands: `30.000`. */
const THOUSANDS = /^([+-]?[1-9]\d{0,2})((?:\.\d{3})+)$/;

const FLAGS: { readonly [word: string]: boolean } = { true: true, false: false, '1': true, '0': false };

/**
 * The tests of a condition, typed by the columns that there are: numbers compare as numbers, dates (`2024-03-01`) and
 * texts by their order, flags (`true`, `false`) are equal or not. Throws `BadCondition` for a column that is not there,
 * naming those that are, and for a value that its column cannot have, or that can be read in two ways (`30.000`).
 */
export function typedTests(condition: Condition, types: ReadonlyMap<string, ValueType>): readonly TypedTest[] {
  return condition.map((test) => {
    const type = types.get(test.column);
    if (type === undefined) {
      throw new BadCondition(`Expected one of the columns ${[...types.keys()].join(', ')}; got '${test.column}'`);
    }
    const wanted = wantedValue(test, type);
    return { column: test.column, holds: (value) => value !== null && PASSES[test.is](value, wanted) };
  });
}

function wantedValue({ column, is, value }: ColumnTest, type: ValueType): string | number | boolean {
  const refuse = (expected: string): BadCondition =>
    new BadCondition(`Expected ${expected} for ${column}, got '${column}${is}${value}'`);
  if (type === 'text') return value;
  if (type === 'number') {
    const [isThousands, whole, groups = ''] = THOUSANDS.exec(value) ?? [];
    if (isThousands !== undefined) {
      const thousands = `${whole}${groups.replaceAll('.', '')}`;
      const decimal = groups.length > 4 ? '' : `, or ${value}0 if the point stands before decimals`;
      throw new BadCondition(
        `Expected a number without thousands separators for ${column}, got '${column}${is}${value}': ` +
          `write ${thousands}${decimal}`,
      );
    }
    if (!NUMBER.test(value)) throw refuse('a number');
    return Number(value);
  }
  if (type === 'date') {
    if (!isCalendarDate(value)) throw refuse('a date such as 2024-03-01');
    return value;
  }
  const flag = Object.hasOwn(FLAGS, value.toLowerCase()) ? FLAGS[value.toLowerCase()] : undefined;
  if (flag === undefined) throw refuse('true or false');
  if (is !== '=' && is !== '!=') throw refuse('= or !=');
  return flag;
}

type Comparable = string | number | boolean;

const PASSES: { readonly [is in ColumnTest['is']]: (value: Comparable, wanted: Comparable) => boolean } = {
  '=': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  '<': (value, wanted) => value < wanted,
  '<=': (value, wanted) => value <= wanted,
  '>': (value, wanted) => value > wanted,
  '>=': (value, wanted) => value >= wanted,
};
