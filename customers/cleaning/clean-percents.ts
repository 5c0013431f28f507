import type { RuleOf } from '../column-rule.js';
import { UNREADABLE, column, read } from './cell.js';
import type { CleanedColumn, Spelling } from './cell.js';
import { flagNumbers } from './flag-values.js';
import { settlePercentScale } from './percent-scale.js';
import type { PercentScale } from './percent-scale.js';
import { lookAtNumbers, numberOf, rulesOf } from './read-numbers.js';
import { settleSeparators } from './separators.js';

/** Percents in any of their three spellings become shares of 1; outside of 0..1 they are flagged unless bounds say else. */
export function cleanPercents(spellings: readonly Spelling[], rule: RuleOf<'percent'>): CleanedColumn {
  const looks = lookAtNumbers(spellings, rule.missing);
  // Nobody has thousands of percents: `45,234` and `45.234` have decimals.
  const separators = settleSeparators([], { configured: undefined, fallback: 'decimals', amounts: false });
  const decimals = looks.map((look) => ('number' in look ? separators.read(look.number) : undefined));
  const cells = looks.flatMap((look, i) => {
    const decimal = decimals[i]?.text;
    if (!('number' in look) || decimal === undefined) return [];
    const value = numberOf(look.number, decimal);
    return value === undefined
      ? []
      : [{ value, signed: look.number.percent, decimals: decimalsIn(decimal), count: look.count }];
  });
  const { scale, limit, percentDecimals, decision } = settlePercentScale(cells, rule.scale);
  const readings = looks.map((look, i) => {
    if (!('number' in look)) return look;
    const { number } = look;
    const separated = decimals[i] ?? separators.read(number);
    const { text } = separated;
    const written = numberOf(number, text);
    if (written === undefined || number.currency !== '' || number.unit) return UNREADABLE;
    const isLarge = Math.abs(written) > limit || percentDecimals.has(decimalsIn(text));
    const isPercent = number.percent || scale === 'percent' || (scale === 'mixed' && isLarge);
    const value = isPercent ? numberOf(number, text, -2) : written;
    const undone = rulesOf(look, { text, by: 'sure' });
    const rules = number.percent ? undone : [...undone, ...scaleRules(scale, written, isPercent)];
    return value === undefined ? UNREADABLE : read(value, rules);
  });
  const { min = 0, max = 1 } = rule;
  return column(flagNumbers(spellings, readings, { min, max }, false), decision === undefined ? [] : [decision]);
}

const decimalsIn = (decimal: string): number => (decimal.includes('e') ? 0 : (decimal.split('.')[1]?.length ?? 0));

/** `scale`: it was divided by 100. `scale-by-cell`: it was read by its own size, since the column has two scales. */
function scaleRules(scale: PercentScale['scale'], written: number, isPercent: boolean): string[] {
  if (written === 0) return [];
  const rules = isPercent ? ['scale'] : [];
  if (scale === 'mixed') rules.push('scale-by-cell');
  if (scale === 'percent' && Math.abs(written) < 1) rules.push('small-percent');
  return rules;
}
