import { describe, expect, it } from 'vitest';
import { conditionSql } from '../../../activities/lookalikes/condition-sql.js';

const columns = [
  { name: 'region_clean', type: 'VARCHAR' },
  { name: 'Edad', type: 'INTEGER' },
  { name: 'vip_flag', type: 'BOOLEAN' },
  { name: 'alta', type: 'DATE' },
];

describe('a condition in SQL', () => {
  it('compares each value as its column has it, all tests at once', () => {
    expect(conditionSql('region_clean=norte,edad>=18,vip_flag!=FALSE,alta<2024-03-01', columns)).toBe(
      `"region_clean" = 'norte' AND "Edad" >= '18'::DOUBLE AND "vip_flag" != false AND "alta" < DATE '2024-03-01'`,
    );
  });

  it('takes no value for code', () => {
    expect(conditionSql("region_clean=o'higgins'; drop", columns)).toBe(`"region_clean" = 'o''higgins''; drop'`);
  });

  it.each([
    ['ciudad=x', "Expected a column of the customers (region_clean, Edad, vip_flag, alta), got 'ciudad'"],
    ['edad=1e', "Expected a number such as 12.5 in 'edad=1e'"],
    ['edad>=0x10', 'Expected a number such as 12.5'],
    ['vip_flag=si', 'Expected true or false'],
    ['vip_flag<true', 'Expected = or !='],
    ['alta=01/02/2024', 'Expected a date such as 2024-03-01'],
    ['edad', 'Expected tests such as region_clean=norte'],
  ])('%s is refused', (condition, message) => {
    expect(() => conditionSql(condition, columns)).toThrow(message);
  });
});
