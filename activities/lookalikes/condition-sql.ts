import { BadCondition, parseCondition } from '../../customers/condition.js';
import type { ColumnTest } from '../../customers/condition.js';
import { column, text } from '../../lake/sql.js';

interface Column {
  readonly name: string;
  /** As DuckDB says it. */
  readonly type: string;
}

const YES = new Set(['true', 't', 'yes', 'y', 'si', 'sí', '1']);
const NO = new Set(['false', 'f', 'no', 'n', '0']);

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
    const word = value.toLowerCase();
    if (is !== '=' && is !== '!=') throw new BadCondition(`Expected = or != for ${name}, got '${name}${is}${value}'`);
    if (!YES.has(word) && !NO.has(word)) throw expected('true or false');
    return YES.has(word) ? 'true' : 'false';
  }
  if (type === 'DATE') {
    const day = new Date(`${value}T00:00:00Z`);
    const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(day.getTime());
    if (!isDay || day.toISOString().slice(0, 10) !== value) throw expected('a day such as 2024-03-01');
    return `DATE ${text(value)}`;
  }
  if (type === 'VARCHAR') return text(value);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) throw expected('a number such as 12.5');
  return `${text(value)}::DOUBLE`;
}
