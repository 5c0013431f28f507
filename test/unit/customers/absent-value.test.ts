import { describe, expect, it } from 'vitest';
import { absentValue, asksForText } from '../../../customers/absent-value.js';
import type { ValueType } from '../../../customers/column-value.js';
import { parseCondition } from '../../../customers/condition.js';

const types = new Map<string, ValueType>([
  ['region', 'text'],
  ['age', 'number'],
]);
const [region] = parseCondition('region=Nort');

describe('a text that no customer has', () => {
  it('is told of with those that there are, the nearest first', () => {
    expect(region && absentValue(region, ['centro', 'sur', 'norte'])).toMatch(
      /^no customer has region 'Nort': there are 'norte', /,
    );
  });

  it('is told of with a few where there are many, and where there are none', () => {
    const many = Array.from({ length: 1_200 }, (_, i) => `zona ${i}`);
    expect(region && absentValue(region, many)).toMatch(/^[^,]*(, '[^']*'){7} and 1,192 more$/);
    expect(region && absentValue(region, [])).toBe("no customer has region 'Nort': it has no values");
  });

  it('is one that a test of a text asks to be equal, or not', () => {
    const asked = parseCondition('region=a,region!=b,region>c,age=3,other=4').map((test) => asksForText(test, types));
    expect(asked).toEqual([true, true, false, false, false]);
  });
});
