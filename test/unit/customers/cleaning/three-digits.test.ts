import { describe, expect, it } from 'vitest';
import { cleanNumbers } from '../../../../customers/cleaning/clean-numbers.js';
import { columnRule } from '../../../../customers/column-rule.js';
import type { RuleOf } from '../../../../customers/column-rule.js';
import { becomes, spellingsOf } from './cells.js';

/** Amounts with cents, as Argentina writes them. */
const CENTS = Array.from({ length: 30 }, (_, i) => `$ ${i + 1}.234,${10 + i}`);

function read(cells: readonly string[], said: object = {}) {
  const rule = columnRule.parse({ kind: 'money', ...said }) as RuleOf<'money'>;
  const cleaned = cleanNumbers(spellingsOf(cells), rule);
  const rulesOf = (text: string) => cleaned.readings[spellingsOf(cells).findIndex((one) => one.text === text)]?.rules;
  return { values: becomes(cells, cleaned), rulesOf };
}

describe('three digits behind the one sign of an amount', () => {
  it('are thousands whichever sign it is, in a column whose amounts have cents and never a third decimal', () => {
    const { values, rulesOf } = read([...CENTS, '$ 12,345', '$ 12.345', '12.345', '12,345']);
    expect(values.slice(CENTS.length)).toEqual(['12345', '12345', '12345', '12345']);
    expect(rulesOf('$ 12,345')).toContain('ambiguous-separator');
    expect(rulesOf('$ 12.345')).not.toContain('ambiguous-separator');
  });

  it('are decimals by the sign of the column where others have three or more', () => {
    const { values } = read([...CENTS, '$ 1.234,5678', '$ 12,345', '$ 12.345']);
    expect(values.slice(-2)).toEqual(['12.345', '12345']);
  });

  it('are what the configuration says', () => {
    const { values } = read([...CENTS, '$ 12,345'], { decimal: 'comma' });
    expect(values.at(-1)).toBe('12.345');
  });
});
