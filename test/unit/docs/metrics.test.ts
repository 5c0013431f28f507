import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../worker/metric-definitions.js';
import { ALERTS, DASHBOARD, QUERIES } from '../../support/metric-queries.js';
import { namesIn } from '../../support/promql.js';

const page = readFileSync('docs/metrics.md', 'utf8');

/** `| name | type | labels | …` */
const ROW = /^\| `(segmenta_\w+)` +\| (\w+) +\| `([\w, ]+)` +\|/gm;

describe('docs/metrics.md', () => {
  it('has every metric of ours, with its type and labels, and no other', () => {
    const documented = [...page.matchAll(ROW)].map(([, name, type, labels = '']) => [name, type, labels.split(', ')]);
    // The page knows nothing of how the SDK comes by a gauge with a sign.
    const defined = Object.entries(METRICS).map(([name, { is, labels }]) => [
      name,
      is === 'signed' ? 'gauge' : is,
      [...labels],
    ]);
    expect(documented).toEqual(defined);
  });

  it('has every alert, and no other', () => {
    const documented = [...page.matchAll(/^\| `(Segmenta\w+)`/gm)].map(([, name]) => name);
    expect(documented).toEqual(ALERTS.map(({ alert }) => alert));
  });
});

/** Of PromQL, Grafana's variables, and numbers. */
const WORDS = new Set([
  'absent',
  'and',
  'count',
  'histogram_quantile',
  'increase',
  'max',
  'max_over_time',
  'rate',
  'sum',
  'time',
  'topk',
]);

describe('the dashboard and the alerts', () => {
  it.each(QUERIES)('$where asks for metrics by names that there are', ({ expression }) => {
    const { selectors, words } = namesIn(expression);
    expect(selectors).not.toEqual([]);
    expect(words.filter((word) => !WORDS.has(word))).toEqual([]);
    const ours = selectors.map(({ metric }) => metric).filter((metric) => metric.startsWith('segmenta_'));
    for (const metric of ours) expect(Object.keys(METRICS)).toContain(metric.replace(/_(bucket|sum|count)$/, ''));
  });

  it('have panels that do not overlap, each with an id of its own', () => {
    const taken = DASHBOARD.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(taken).size).toBe(taken.length);
    expect(new Set(DASHBOARD.panels.map(({ id }) => id)).size).toBe(DASHBOARD.panels.length);
  });

  it('show every metric of ours somewhere', () => {
    const asked = new Set(
      QUERIES.flatMap(({ expression }) => namesIn(expression).selectors.map(({ metric }) => metric)),
    );
    const shown = Object.keys(METRICS).filter((name) =>
      [name, `${name}_bucket`, `${name}_count`].some((series) => asked.has(series)),
    );
    expect(shown).toEqual(Object.keys(METRICS));
  });
});
