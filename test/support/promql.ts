/** A metric as an expression asks for it. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

/** What an expression of PromQL is made of, as far as names go. */
export interface Names {
  readonly selectors: readonly Selector[];
  /** Labels by which it groups or joins. */
  readonly groupings: readonly string[];
  /** Every other word: functions and operators. */
  readonly words: readonly string[];
}

const SELECTOR = /\b((?:segmenta|temporal)_\w+)(?:\{([^}]*)\})?/g;
const MATCHER = /(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g;
const GROUPING = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const RANGE = /\[[^\]]*\]/g;

export function namesIn(expression: string): Names {
  const selectors = [...expression.matchAll(SELECTOR)].map(([, metric = '', matchers = '']) => ({
    metric,
    matchers: [...matchers.matchAll(MATCHER)].map(([, label = '', operator = '', value = '']) => ({
      label,
      operator,
      value,
    })),
  }));
  const groupings = [...expression.matchAll(GROUPING)].flatMap(([, labels = '']) => labels.split(/\s*,\s*/));
  const rest = expression.replaceAll(SELECTOR, ' ').replaceAll(RANGE, ' ').replaceAll(GROUPING, ' ');
  return { selectors, groupings, words: rest.match(/[a-z_]\w*/gi) ?? [] };
}
