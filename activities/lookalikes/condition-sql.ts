import { BadCondition, parseCondition } from '../../customers/condition.js';
import type { ColumnTest } from '../../customers/condition.js';
import { isCalendarDate } from '../../dag/calendar-date.js';
import { column, text } from '../../lake/sql.js';

interface Column {
  readonly name: string;
  /** As DuckDB says it. */
  readonly type: string;
}

const FLAGS = new Map([
  ['true', 'true'],
  ['1', 'true'],
  ['false', 'false'],
  ['0', 'false'],
]);

/**
 * A condition (`region_clean=norte,age>=18`) as an SQL expression over a table with these columns. Values are compared as
 * the column's type has them: numbers, days (`2024-03-01`), yes or no, and texts letter by letter. Of a row without a
 * value no test of that column holds, `!=` neither. Throws `BadCondition` for a column that is not there and for a value
 * that the column cannot have.
 */
export const conditionSql = (condition: string, columns: readonly Column[]): string =>
  parseCondition(condition)
    .map((test) => {
      const found = columns.find(({ name }) => name.toLowerCase() === test.column);
      if (found !== undefined) return `${column(found.name)} ${test.is} ${literal(test, found.type)}`;
      const names = columns.map(({ name }) => name).join(', ');
      throw new BadCondition(`Expected a column of the customers (${names}), got '${test.column}' in '${condition}'`);
    })
    .join(' AND ');

function literal({ column: name, is, value }: ColumnTest, type: string): string {
  const expected = (what: string): BadCondition =>
    new BadCondition(`Expected ${what} in '${name}${is}${value}', got '${value}': ${name} is ${type}`);
  if (type === 'BOOLEAN') {
    const flag = FLAGS.get(value.toLowerCase());
    if (flag === undefined) throw expected('true or false');
    if (is !== '=' && is !== '!=') throw expected('= or !=');
    return flag;
  }
  if (type === 'DATE') {
    if (!isCalendarDate(value)) throw expected('a date such as 2024-03-01');
    return `DATE ${text(value)}`;
  }
  if (type === 'VARCHAR') return text(value);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) throw expected('a number such as 12.5');
  return `${text(value)}::DOUBLE`;
}
