import { describe, expect, it } from 'vitest';
import type { CellValue, ValueType } from '../../../customers/column-value.js';
import { typedTests } from '../../../customers/condition-tests.js';
import { parseCondition } from '../../../customers/condition.js';

const types = new Map<string, ValueType>([
  ['region', 'text'],
  ['age', 'number'],
  ['vip_flag', 'flag'],
  ['alta', 'date'],
]);

const holds = (condition: string, value: CellValue): boolean =>
  typedTests(parseCondition(condition), types).every((test) => test.holds(value));

describe('the tests of a condition', () => {
  const cases: readonly (readonly [string, readonly CellValue[], readonly CellValue[]])[] = [
    ['region=norte', ['norte'], ['Norte', 'sur', null]],
    ['region!=norte', ['sur'], ['norte', null]],
    ['age>=18', [18, 100], [17.9, null]],
    ['age<9', [8, -1], [9, 10, null]],
    ['age=007', [7], [70]],
    ['age>0.125', [0.2], [0.1]],
    ['age=30.0000', [30], [30_000]],
    ['age>=30000.5', [30_001], [30_000]],
    ['vip_flag=TRUE', [true], [false, null]],
    ['vip_flag!=1', [false], [true, null]],
    ['alta<2024-03-01', ['2024-02-29', '1999-12-31'], ['2024-03-01', null]],
  ];
  it.each(cases)('%s', (condition, passing, failing) => {
    expect(passing.map((value) => holds(condition, value))).toEqual(passing.map(() => true));
    expect(failing.map((value) => holds(condition, value))).toEqual(failing.map(() => false));
  });

  it.each([
    ['edad=3', "Expected one of the columns region, age, vip_flag, alta; got 'edad'"],
    ['age=tres', "Expected a number for age, got 'age=tres'"],
    ['age>=0x10', "Expected a number for age, got 'age>=0x10'"],
    ['age>30.000', "for age, got 'age>30.000': write 30000, or 30.0000 if the point stands before decimals"],
    ['age<=-1.234.567', "for age, got 'age<=-1.234.567': write -1234567"],
    ['age=1e', "Expected a number for age, got 'age=1e'"],
    ['vip_flag=2', "Expected true or false for vip_flag, got 'vip_flag=2'"],
    ['vip_flag>true', "Expected = or != for vip_flag, got 'vip_flag>true'"],
    ['alta=2024-02-30', "Expected a date such as 2024-03-01 for alta, got 'alta=2024-02-30'"],
    ['age>30,000', "got '000': a comma stands between tests, so write numbers without one: 30000"],
  ])('refuse %s', (condition, message) => {
    expect(() => typedTests(parseCondition(condition), types)).toThrow(message);
  });
});
