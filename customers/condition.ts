/** One test of a column: all of a condition's tests must hold. */
export interface ColumnTest {
  readonly column: string;
  readonly is: '=' | '!=' | '<' | '<=' | '>' | '>=';
  /** As written: what it is compared as is the column's type to say. */
  readonly value: string;
}

/** Rows of a customer table, as a person says it: `region_clean=norte,vip_flag=false`, `age>=18`. */
export type Condition = readonly ColumnTest[];

/** No condition, or one of columns that are not there. */
export class BadCondition extends RangeError {
  override readonly name = 'BadCondition';
}

const TEST = /^\s*([a-z][a-z0-9_]*)\s*(<=|>=|!=|=|<|>)\s*(.*?)\s*$/i;

/** What is left of a number written with commas. */
const DIGITS = /^\s*\d+(\.\d+)?\s*$/;

/** Reads tests separated by commas. Throws a `BadCondition` that names the test. */
export function parseCondition(text: string): Condition {
  return text.split(',').map((part) => {
    const [, column, is, value] = TEST.exec(part) ?? [];
    if (column === undefined || is === undefined || value === undefined || value === '') {
      const hint = DIGITS.test(part) ? ': a comma stands between tests, so write numbers without one: 30000' : '';
      throw new BadCondition(`Expected tests such as region_clean=norte,age>=18, got '${part.trim()}'${hint}`);
    }
    // The pattern has these alone.
    return { column: column.toLowerCase(), is: is as ColumnTest['is'], value };
  });
}
